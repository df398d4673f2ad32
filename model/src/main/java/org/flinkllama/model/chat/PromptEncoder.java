package org.flinkllama.model.chat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.flinkllama.model.tokenizer.SpecialTokens;
import org.flinkllama.model.tokenizer.Tokenizer;

/// Turns a rendered prompt into token ids. Control tokens are looked up by name; text is tokenised as data, stretch
/// by stretch between control tokens.
///
/// Some vocabularies lack a marker of their template: `<|user|>` is ordinary text to Zephyr and TinyLlama. The
/// marker is then tokenised together with the text around it, which is what those models were trained with. The
/// limit of such models: a document that contains the same words reads to them like the marker, and nothing here
/// can tell them apart. Models whose markers are control tokens have no such limit.
public final class PromptEncoder {
    private PromptEncoder() {}

    /// The tokens of `prompt`. The beginning of sequence is put in front where the vocabulary asks for it and the
    /// template has not written it.
    public static int[] encode(Prompt prompt, Tokenizer tokenizer) {
        return begun(encodePieces(prompt.pieces(), tokenizer), tokenizer.specialTokens());
    }

    /// The tokens of a part of a prompt.
    static int[] encodePieces(List<Prompt.Piece> pieces, Tokenizer tokenizer) {
        IntStream.Builder tokens = IntStream.builder();
        StringBuilder text = new StringBuilder();
        for (Prompt.Piece piece : pieces) {
            switch (piece) {
                case Prompt.Piece.Text(String data) -> text.append(data);
                case Prompt.Piece.Control(String marker) -> {
                    OptionalInt token = tokenizer.controlToken(marker);
                    if (token.isEmpty()) {
                        text.append(marker);
                    } else {
                        encodeText(text, tokenizer, tokens);
                        tokens.add(token.getAsInt());
                    }
                }
            }
        }
        encodeText(text, tokenizer, tokens);
        return tokens.build().toArray();
    }

    private static void encodeText(StringBuilder text, Tokenizer tokenizer, IntStream.Builder tokens) {
        for (int token : tokenizer.encode(text.toString())) {
            tokens.add(token);
        }
        text.setLength(0);
    }

    private static int[] begun(int[] tokens, SpecialTokens special) {
        if (!special.addBeginningOfSequence()) {
            return tokens;
        }
        int beginning = special.beginningOfSequence().orElseThrow();
        boolean written = tokens.length > 0 && tokens[0] == beginning;
        return written
                ? tokens
                : IntStream.concat(IntStream.of(beginning), IntStream.of(tokens))
                        .toArray();
    }
}
