package org.flinkllama.operators.inference.plan;

import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.reject.Rejection;

/// Work on one record, from its first inquiry to its last output.
///
/// Inquiries and outputs are the same, in the same order, whenever the same record is worked on: a restart in the
/// middle does the work again with the outcomes that are known already, and leaves out as many outputs as were sent
/// before. Outputs may depend on tokens and outcomes, but not on the order in which those of several inquiries came.
///
/// Belongs to the task thread. Its record's key is set in every call.
///
/// @param <T> what goes out
public interface Work<T> {
    /// The first inquiries; none where the work has ended at once.
    List<Inquiry> inquiries();

    /// A token was generated for an inquiry, and the text of its sequence grew by `text`, as in
    /// [org.flinkllama.model.generation.RequestListener]. Every token is heard once, in order, before the outcome.
    default void generated(String id, int sequence, int token, String text) {}

    /// Takes the outcome of an inquiry in. A failed one comes only when it isn't tried again.
    ///
    /// @return further inquiries; none where others are awaited or the work has ended
    List<Inquiry> outcome(String id, Outcome outcome);

    /// Takes out the outputs that have become ready, in order. Called behind every other call.
    List<T> drain();

    /// How the work ended; empty while it goes on.
    Optional<End> end();

    /// The work is done and its last output is on its way: the moment to change keyed state, in the same checkpoint
    /// as the outputs.
    default void finish() throws Exception {}

    /// The record becomes a dead letter, because the work ended so or because it was given up. Nothing else is called
    /// any more.
    ///
    /// @return outputs that go out beside the dead letter
    default List<T> rejected(Rejection rejection) {
        return List.of();
    }

    /// How a work ended.
    sealed interface End {
        record Done() implements End {}

        record Rejected(Rejection rejection) implements End {}
    }
}
