package org.flinkllama.operators.task.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.Message;
import org.flinkllama.model.chat.Prompt;
import org.flinkllama.model.chat.Prompt.Piece;
import org.flinkllama.model.chat.PromptEncoder;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;

/// How one model is asked: its profile's words in its chat template, as its tokens. Immutable and safe for use by many
/// threads.
public final class ModelPrompts {
    private final PromptProfile profile;
    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final int contextLength;
    private final int endOfTurn;
    private final String lead; // text that every prompt ends with, behind its last control token

    /// @param contextLength tokens of prompt and output that the replica can hold
    public ModelPrompts(PromptProfile profile, ChatTemplate template, Tokenizer tokenizer, int contextLength) {
        this.profile = profile;
        this.template = template;
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        this.endOfTurn = endOfTurn(template, tokenizer);
        this.lead = lead(template);
    }

    public PromptProfile profile() {
        return profile;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public int contextLength() {
        return contextLength;
    }

    /// The token that ends what the assistant says.
    public int endOfTurn() {
        return endOfTurn;
    }

    /// The profile's words for `use`, with values in their places.
    public String words(Use use, Map<String, String> values) {
        return profile.templates().get(use).fill(values);
    }

    /// Tokens of one message to the model, up to where its answer begins.
    public int[] prompt(String message) {
        List<Message> messages = new ArrayList<>();
        if (!profile.system().isEmpty()) {
            messages.add(Message.system(profile.system()));
        }
        messages.add(Message.user(message));
        return PromptEncoder.encode(template.render(messages), tokenizer);
    }

    /// Tokens of `text` as the model would generate them behind a prompt.
    ///
    /// A stretch of text on its own may begin with the tokenizer's space. Where a prompt ends with white space, the
    /// answer goes on in the same stretch and has none.
    public int[] answer(String text) {
        if (lead.isEmpty() || !Character.isWhitespace(lead.charAt(lead.length() - 1))) {
            return tokenizer.encode(text);
        }
        int[] before = tokenizer.encode(lead);
        int[] all = tokenizer.encode(lead + text);
        boolean goesOn = all.length > before.length && Arrays.equals(all, 0, before.length, before, 0, before.length);
        return goesOn ? Arrays.copyOfRange(all, before.length, all.length) : tokenizer.encode(text);
    }

    /// Tokens of `text` as a whole answer: with the token that ends it.
    public int[] wholeAnswer(String text) {
        int[] answer = answer(text);
        int[] whole = Arrays.copyOf(answer, answer.length + 1);
        whole[answer.length] = endOfTurn;
        return whole;
    }

    private static String lead(ChatTemplate template) {
        StringBuilder lead = new StringBuilder();
        for (Piece piece : template.render(List.of(Message.user("x"))).pieces()) {
            switch (piece) {
                case Piece.Control _ -> lead.setLength(0);
                case Piece.Text(String text) -> lead.append(text);
            }
        }
        return lead.toString();
    }

    /// The control token that the template writes behind a message of the assistant, if it ends a generation; else
    /// the first of those that do.
    private static int endOfTurn(ChatTemplate template, Tokenizer tokenizer) {
        String answer = "answer";
        Prompt turns = template.render(List.of(Message.user("x"), Message.assistant(answer), Message.user("y")));
        boolean answered = false;
        OptionalInt written = OptionalInt.empty();
        for (Piece piece : turns.pieces()) {
            switch (piece) {
                case Piece.Text(String text) -> answered |= text.contains(answer);
                case Piece.Control(String token) -> {
                    if (answered && written.isEmpty()) {
                        written = tokenizer.controlToken(token);
                    }
                }
            }
        }
        var ends = tokenizer.specialTokens().endOfGeneration();
        if (written.isPresent() && ends.contains(written.getAsInt())) {
            return written.getAsInt();
        }
        return ends.stream()
                .min(Integer::compare)
                .orElseThrow(() -> new IllegalArgumentException("The model names no token that ends a generation; "
                        + "set tokenizer.ggml.eos_token_id in its file."));
    }
}
