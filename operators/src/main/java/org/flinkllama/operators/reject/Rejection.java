package org.flinkllama.operators.reject;

import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;

/// Why a record gets no enrichment.
///
/// @param stage          where it failed
/// @param exceptionClass class name of the exception, or of the rule that refused the record
/// @param message        one sentence: found, expected, what to do; never text of the record
public record Rejection(Stage stage, String exceptionClass, String message) {
    public Rejection {
        if (exceptionClass.isEmpty() || message.isEmpty()) {
            throw new IllegalArgumentException("A rejection names the rule that refused the record and says why.");
        }
    }

    /// A rejection by one of the rules of `rule`.
    public static Rejection by(Class<?> rule, Stage stage, String message) {
        return new Rejection(stage, rule.getName(), message);
    }

    /// The dead letter that takes `record` out of the stream, untouched.
    public DeadLetter deadLetter(InputRecord record) {
        return new DeadLetter(record, stage, exceptionClass, message);
    }
}
