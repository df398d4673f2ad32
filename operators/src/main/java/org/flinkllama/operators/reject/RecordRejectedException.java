package org.flinkllama.operators.reject;

import org.flinkllama.schemas.v1.Stage;

/// A record that can't be worked on. It leaves by the dead-letter side output; the job goes on.
public final class RecordRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    public RecordRejectedException(Rejection rejection) {
        super(rejection.message());
        this.rejection = rejection;
    }

    /// A rejection by one of the rules of `rule`.
    public static RecordRejectedException by(Class<?> rule, Stage stage, String message) {
        return new RecordRejectedException(Rejection.by(rule, stage, message));
    }

    public Rejection rejection() {
        return rejection;
    }
}
