package org.flinkllama.model.tokenizer;

import java.util.OptionalInt;

/// Turns text into token ids and back. Immutable and safe for use by many threads.
///
/// Text is data: `encode` never produces a control token, whatever the text says. Control tokens come from
/// [#controlToken(String)] alone.
public interface Tokenizer {
    /// Number of token ids; ids are 0 until this.
    int vocabularySize();

    /// Token ids of a stretch of text, without beginning- or end-of-sequence token. Lone surrogates are read as
    /// U+FFFD. An empty text gives no tokens.
    int[] encode(String text);

    /// The bytes that a token stands for. Control and unknown tokens stand for none. The bytes of `encode(text)`,
    /// put together, are the UTF-8 bytes of `text`, behind one space where [#addsSpacePrefix()].
    byte[] bytes(int token);

    /// The control token with exactly this piece, such as `<|eot_id|>`; empty where the vocabulary has none.
    OptionalInt controlToken(String piece);

    /// The piece as the vocabulary spells it, for people to read.
    String piece(int token);

    /// True where `encode` puts a space before a text that is not empty, as SentencePiece does.
    boolean addsSpacePrefix();

    /// Tokens with a role: beginning of sequence, ends of generation.
    SpecialTokens specialTokens();
}
