package org.flinkllama.operators.inference;

import java.time.Duration;
import org.flinkllama.operators.inference.plan.Workload;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;

/// What is said of records that work can't be done on. Never holds text of a record: messages of exceptions may.
final class Poison {
    private Poison() {}

    /// A record that the workload did not cope with.
    static Rejection rejection(Stage stage, Throwable broken) {
        StackTraceElement[] trace = broken.getStackTrace();
        return new Rejection(
                stage,
                broken.getClass().getName(),
                "Work on the record threw " + broken.getClass().getName()
                        + (trace.length == 0 ? "" : " in " + trace[0].getClassName() + "." + trace[0].getMethodName())
                        + ". This is a bug; report it with this record.");
    }

    static Rejection timeout(Duration timeout) {
        return Rejection.by(
                Workload.class,
                Stage.TIMEOUT,
                "Work on the record took longer than " + timeout.toMillis()
                        + " ms. Raise 'timeout', or ask for less or of a faster model.");
    }

    static Rejection crashes(int attempts) {
        return Rejection.by(
                Workload.class,
                Stage.INFERENCE,
                "The task crashed " + attempts + " times while it worked on this record and nothing else. Look for"
                        + " the reason in the TaskManager's log, then replay the record.");
    }

    /// Why the job fails with an inference.
    static InferenceException failure(InputRecord record, String inquiry, String reason) {
        return new InferenceException("Inquiry '" + inquiry + "' of the record at '" + record.getTopic() + "' "
                + record.getPartition() + ":" + record.getOffset() + " failed: " + reason
                + " The job fails because 'error-handling-strategy' is 'fail'.");
    }
}
