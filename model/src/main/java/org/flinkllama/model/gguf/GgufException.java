package org.flinkllama.model.gguf;

/// A model file that can't be used. The message says what was found, what was expected, where, and what to do.
public final class GgufException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GgufException(String message) {
        super(message);
    }

    public GgufException(String message, Throwable cause) {
        super(message, cause);
    }
}
