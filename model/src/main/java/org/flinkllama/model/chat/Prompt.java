package org.flinkllama.model.chat;

import java.util.List;
import java.util.stream.Collectors;

/// A rendered prompt: control tokens and stretches of text in order. Only the template writes [Piece.Control];
/// whatever a user or document says is in a [Piece.Text], which is tokenised as data. Neighbouring texts are joined
/// before they are tokenised, so that token boundaries are those the model was trained with.
public record Prompt(List<Piece> pieces) {
    public Prompt {
        pieces = List.copyOf(pieces);
    }

    /// A part of a prompt.
    public sealed interface Piece {
        /// A control token by its piece, such as `<|user|>`.
        record Control(String token) implements Piece {}

        /// Text as data.
        record Text(String text) implements Piece {}
    }

    /// The whole prompt for people to read. Never to be tokenised: in it, markers of the template and the same
    /// words written by a user look alike.
    public String text() {
        return pieces.stream().map(Prompt::text).collect(Collectors.joining());
    }

    private static String text(Piece piece) {
        return switch (piece) {
            case Piece.Control(String token) -> token;
            case Piece.Text(String text) -> text;
        };
    }
}
