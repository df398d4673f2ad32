package org.flinkllama.operators.replica;

/// A replica that can't be opened or can't go on. The message says what was found and what to do.
public final class ReplicaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReplicaException(String message) {
        super(message);
    }

    public ReplicaException(String message, Throwable cause) {
        super(message, cause);
    }
}
