package org.flinkllama.jobs.cli.model;

/// A model did not do what was asked of it.
public final class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InferenceException(String message) {
        super(message);
    }
}
