package org.flinkllama.model.chat;

import java.util.ArrayList;
import java.util.List;

/// Collects the pieces of a prompt in order.
final class PromptWriter {
    private final List<Prompt.Piece> pieces = new ArrayList<>();

    PromptWriter control(String token) {
        pieces.add(new Prompt.Piece.Control(token));
        return this;
    }

    PromptWriter text(String text) {
        pieces.add(new Prompt.Piece.Text(text));
        return this;
    }

    Prompt prompt() {
        return new Prompt(pieces);
    }
}
