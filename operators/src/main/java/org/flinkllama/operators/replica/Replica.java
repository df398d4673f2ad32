package org.flinkllama.operators.replica;

import java.util.Optional;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;

/// A model that works on requests, many at once, without holding the thread that asks.
///
/// If the engine itself breaks, every request in flight ends as `Outcome.Failed`, and [#failure()] says why before the
/// first of them is heard; the replica does nothing more and must be closed and opened again. A request that can't be
/// done ends as `Outcome.Failed` alone and harms no other.
public interface Replica extends AutoCloseable {
    ModelCard model();

    /// Queues a request and returns at once. The listener hears of it on the replica's thread, or on the caller's where
    /// the replica has failed before. Any thread may call this.
    void submit(Request request, RequestListener listener);

    /// Requests that are computed now.
    int running();

    /// Requests that wait for a place.
    int waiting();

    /// Why the replica can't go on; empty while it can.
    Optional<String> failure();

    /// Stops after the step that is computed now. Requests in flight are dropped: nothing is heard of them.
    @Override
    void close();
}
