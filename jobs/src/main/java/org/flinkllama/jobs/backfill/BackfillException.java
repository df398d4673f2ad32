package org.flinkllama.jobs.backfill;

/// A backfill that can't begin or go on as it was asked to.
public final class BackfillException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackfillException(String message) {
        super(message);
    }

    public BackfillException(String message, Throwable cause) {
        super(message, cause);
    }
}
