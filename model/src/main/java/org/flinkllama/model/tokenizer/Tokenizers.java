package org.flinkllama.model.tokenizer;

import org.flinkllama.model.gguf.GgufMetadata;

/// The tokenizer of a model file.
public final class Tokenizers {
    private static final String MODEL = "tokenizer.ggml.model";

    private Tokenizers() {}

    /// Tokens of the vocabulary in `metadata`, before its tokenizer is built.
    public static int vocabularySize(GgufMetadata metadata) {
        return Vocabulary.required(Vocabulary.TOKENS, metadata.strings(Vocabulary.TOKENS)).length;
    }

    /// Reads the vocabulary in `metadata`; throws [TokenizerException] where it is incomplete, damaged or of a kind
    /// that is not supported.
    public static Tokenizer of(GgufMetadata metadata) {
        String model = Vocabulary.required(MODEL, metadata.string(MODEL));
        return switch (model) {
            case "llama" -> new SentencePieceTokenizer(metadata);
            case "gpt2" -> new ByteLevelTokenizer(metadata);
            default ->
                throw new TokenizerException(
                        "Metadata '" + MODEL + "' is '" + model
                                + "'; supported: llama (SentencePiece), gpt2 (byte-level BPE). Use a model of the Llama family.");
        };
    }
}
