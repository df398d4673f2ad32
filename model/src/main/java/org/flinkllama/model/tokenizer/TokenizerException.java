package org.flinkllama.model.tokenizer;

/// A vocabulary that can't be used. The message says what was found, what was expected, where, and what to do.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }
}
