package org.flinkllama.operators.task.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile.WhiteSpace;
import org.flinkllama.operators.task.text.Chunk;
import org.flinkllama.operators.task.text.Chunks;
import org.flinkllama.operators.task.text.ReadText;
import org.flinkllama.operators.task.text.TextSpan;
import org.flinkllama.schemas.v1.Stage;

/// Prompts about one text: one where it fits the context, else one for each chunk of it.
public final class DocumentPrompts {
    /// A chunk below this is no reading matter.
    private static final int MIN_CHUNK_TOKENS = 16;
    /// No tokenizer's token is longer than this on ordinary text; a longer text isn't tried whole.
    private static final int MAX_TOKEN_CHARACTERS = 64;

    private final ModelPrompts prompts;
    private final String heading;
    private final String text;

    /// @param title title of the document; null for none
    public DocumentPrompts(ModelPrompts prompts, String title, String text) {
        this.prompts = prompts;
        this.heading = title == null ? "" : prompts.profile().title().fill(Map.of("title", title));
        this.text = text;
    }

    /// A prompt about a part of the text.
    ///
    /// @param span   the part
    /// @param read   the part as the model reads it
    /// @param prompt tokens, up to where the answer begins
    record Part(TextSpan span, ReadText read, int[] prompt) {}

    ModelPrompts prompts() {
        return prompts;
    }

    String text() {
        return text;
    }

    /// The same for another text, without a title.
    DocumentPrompts of(String otherText) {
        return new DocumentPrompts(prompts, null, otherText);
    }

    ReadText read(TextSpan span) {
        return switch (prompts.profile().whiteSpace()) {
            case AS_WRITTEN -> ReadText.asWritten(text, span);
            case COLLAPSED -> ReadText.collapsed(text, span);
        };
    }

    int tokens(Part part) {
        return prompts.tokenizer().encode(part.read().text()).length;
    }

    /// Prompts that leave `reserve` tokens of the context free, and cover the text but for white space between parts.
    ///
    /// @param message the message to the model about a text
    /// @throws RecordRejectedException where the message takes so much of the context that nothing can be read
    List<Part> parts(UnaryOperator<String> message, int reserve) throws RecordRejectedException {
        int room = prompts.contextLength() - reserve;
        if (text.length() <= (long) MAX_TOKEN_CHARACTERS * prompts.contextLength()) {
            Part whole = part(TextSpan.all(text), message);
            if (whole.prompt().length <= room) {
                return List.of(whole);
            }
        }
        int overhead = prompts.prompt(message.apply(heading)).length;
        int budget = room - overhead;
        while (budget >= MIN_CHUNK_TOKENS) {
            List<Part> parts = chunks(budget, message);
            int longest =
                    parts.stream().mapToInt(part -> part.prompt().length).max().orElse(0);
            if (longest <= room) {
                return parts;
            }
            budget -= longest - room;
        }
        throw RecordRejectedException.by(
                DocumentPrompts.class,
                Stage.PROMPT,
                "Instructions and question take " + overhead + " tokens and the output up to " + reserve
                        + "; with a context of " + prompts.contextLength() + " tokens fewer than " + MIN_CHUNK_TOKENS
                        + " are left to read the document. Ask shorter questions, lower max-tokens or raise "
                        + "context-length.");
    }

    private List<Part> chunks(int budget, UnaryOperator<String> message) {
        List<Part> parts = new ArrayList<>();
        for (Chunk chunk : Chunks.split(text, budget, this::count)) {
            if (chunk.span().stripped(text).length() > 0) {
                parts.add(part(chunk.span(), message));
            }
        }
        return parts;
    }

    private int count(String part) {
        boolean collapse = prompts.profile().whiteSpace() == WhiteSpace.COLLAPSED;
        String read = collapse ? ReadText.collapsed(part, TextSpan.all(part)).text() : part;
        return prompts.tokenizer().encode(read).length;
    }

    private Part part(TextSpan span, UnaryOperator<String> message) {
        ReadText read = read(span);
        return new Part(span, read, prompts.prompt(message.apply(heading + read.text())));
    }
}
