package org.flinkllama.model.generation;

import java.util.Optional;

/// A request on its way through the engine.
sealed interface Run permits GenerationRun, ScoringRun {
    /// Pages that must be free for the run to end for certain.
    int pages();

    /// Tells what a resumed request goes on from.
    ///
    /// @return its outcome, where that is all
    Optional<Outcome> replay();

    /// Adds the first sequence.
    void start();

    /// The scheduled tokens of a sequence have been computed; their logits are in `logits` from
    /// `sequence.firstLogitRow`.
    void computed(Sequence sequence, Logits logits);

    /// Ends the run without a result.
    void fail(String reason);

    /// Sequences of one scope share pages.
    String scope();

    RequestListener listener();
}
