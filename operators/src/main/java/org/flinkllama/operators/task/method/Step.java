package org.flinkllama.operators.task.method;

import java.util.List;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.FinishReason;

/// Where a task stands. A task goes from step to step by rounds: what it asks next depends on the outcomes of a whole
/// round in the order they were asked for, never on the order they came in.
///
/// @param <R> what the task makes of a document
public sealed interface Step<R> {
    /// Requests to work on, in any order or at once.
    ///
    /// @param requests one or more
    /// @param next     takes one outcome for each request, in order, none of them failed
    record Ask<R>(List<Request> requests, Next<R> next) implements Step<R> {
        public Ask {
            requests = List.copyOf(requests);
            if (requests.isEmpty()) {
                throw new IllegalArgumentException("A round asks for one thing or more.");
            }
        }
    }

    /// @param reason why the text that was chosen ended
    record Done<R>(R result, FinishReason reason) implements Step<R> {}

    /// @param reason a sentence that holds no text of the document
    record Failed<R>(String reason) implements Step<R> {}

    /// Reads a round's outcomes.
    @FunctionalInterface
    interface Next<R> {
        Step<R> read(List<Outcome> outcomes) throws RecordRejectedException;
    }
}
