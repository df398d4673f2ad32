package org.flinkllama.model.chat;

import java.util.ArrayList;
import java.util.List;
import org.flinkllama.model.chat.Prompt.Piece;
import org.flinkllama.model.tokenizer.Tokenizer;

/// Turns a chat into token ids turn by turn. What the model generated is put between as the tokens it generated: read
/// back from its text it could become other tokens, and what was computed of the chat so far would serve no more.
///
/// A prompt is the tokens of [#opening], of the assistant's first message, of [#next], of its second message, and
/// so on. Immutable and safe for use by many threads.
public final class DialogueEncoder {
    private static final Message ANY_USER = Message.user("x");
    private static final Message ANY_ASSISTANT = Message.assistant("y");

    private final ChatTemplate template;
    private final Tokenizer tokenizer;

    public DialogueEncoder(ChatTemplate template, Tokenizer tokenizer) {
        this.template = template;
        this.tokenizer = tokenizer;
    }

    /// Tokens from the beginning to where the assistant's first message begins.
    public int[] opening(List<Message> messages) {
        return PromptEncoder.encode(template.render(messages), tokenizer);
    }

    /// Tokens from the end of a message of the assistant to where its next one begins.
    public int[] next(String user) {
        List<Piece> before = joined(template.render(List.of(ANY_USER)));
        List<Piece> all = joined(template.render(List.of(ANY_USER, ANY_ASSISTANT, Message.user(user))));
        int answer = before.getLast() instanceof Piece.Text ? before.size() - 1 : before.size();
        boolean written = all.get(answer) instanceof Piece.Text(String text) && text.endsWith(ANY_ASSISTANT.content());
        if (!written) {
            throw new IllegalStateException("Template '" + template.name()
                    + "' does not end what the assistant says with a control token; it can't be continued.");
        }
        return PromptEncoder.encodePieces(all.subList(answer + 1, all.size()), tokenizer);
    }

    private static List<Piece> joined(Prompt prompt) {
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : prompt.pieces()) {
            if (piece instanceof Piece.Text(String more)
                    && !pieces.isEmpty()
                    && pieces.getLast() instanceof Piece.Text(String text)) {
                pieces.set(pieces.size() - 1, new Piece.Text(text + more));
            } else {
                pieces.add(piece);
            }
        }
        return pieces;
    }
}
