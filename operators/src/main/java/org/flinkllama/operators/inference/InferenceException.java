package org.flinkllama.operators.inference;

/// An inference that failed where the options say that the job fails with it. Holds no text of a record.
public final class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InferenceException(String message) {
        super(message);
    }
}
