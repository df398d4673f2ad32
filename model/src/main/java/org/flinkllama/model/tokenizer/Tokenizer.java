package org.flinkllama.model.tokenizer;

import java.util.OptionalInt;

/// Turns text into token ids and back. Immutable and safe for use by many threads.
///
/// Text is data: `encode` never produces a control token, whatever the text says. Control tokens come from
/// [#controlToken(String)] alone. Tokens that a file calls user-defined count as control tokens: other programs
/// parse them in text, and many files declare their turn markers so.
public interface Tokenizer {
    /// Number of token ids; ids are 0 until this.
    int vocabularySize();

    /// Token ids of a stretch of text, without beginning- or end-of-sequence token. Lone surrogates are read as
    /// U+FFFD. An empty text gives no tokens.
    int[] encode(String text);

    /// The bytes that a token stands for. Control and unknown tokens stand for none, user-defined ones for their
    /// piece. The bytes of `encode(text)`, put together, are the UTF-8 bytes of `text`, behind one space where
    /// [#addsSpacePrefix()]. Two exceptions: a SentencePiece vocabulary reads U+2581 as a space, and bytes that a
    /// vocabulary has no token for are missing (SmolLM2 has none for six control characters, for instance).
    byte[] bytes(int token);

    /// The text of tokens: malformed bytes read as U+FFFD, and the space that `encode` puts before a text is
    /// dropped.
    default String decode(int... tokens) {
        TextDecoder decoder = TextDecoder.ofMessage(this);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(decoder.push(token));
        }
        return text.append(decoder.finish()).toString();
    }

    /// The control token with exactly this piece, such as `<|eot_id|>`; empty where the vocabulary has none.
    OptionalInt controlToken(String piece);

    /// The piece as the vocabulary spells it, for people to read.
    String piece(int token);

    /// True where `encode` puts a space before a text that is not empty, as SentencePiece does.
    boolean addsSpacePrefix();

    /// Tokens with a role: beginning of sequence, ends of generation.
    SpecialTokens specialTokens();
}
