package org.flinkllama.model.generation;

/// A request that was taken in.
@FunctionalInterface
public interface Ticket {
    /// Ends the request as [Outcome.Failed] with the next step, and gives its pages back. Does nothing where it has
    /// ended.
    void cancel();
}
