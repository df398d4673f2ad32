package org.flinkllama.operators.replica;

import java.util.Optional;
import org.flinkllama.model.generation.Load;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.model.generation.Ticket;

/// A model that works on requests, many at once, without holding the thread that asks.
///
/// If the engine itself breaks, every request in flight ends as `Outcome.Failed`, and [#failure()] says why before the
/// first of them is heard; the replica does nothing more and must be closed and opened again. A request that can't be
/// done ends as `Outcome.Failed` alone and harms no other.
public interface Replica extends AutoCloseable {
    ModelCard model();

    /// Queues a request and returns at once. The listener hears of it on the replica's thread, or on the caller's where
    /// the replica has failed before. Any thread may call this.
    ///
    /// @param scope requests of one scope share what was computed of equal beginnings, requests of two never do
    /// @return by which any thread may take the request back
    Ticket submit(Request request, String scope, RequestListener listener);

    /// What the replica held when its last step was done; requests that its engine has not seen yet wait. Any thread
    /// may call this.
    Load load();

    /// Why the replica can't go on; empty while it can.
    Optional<String> failure();

    /// Stops after the step that is computed now. Requests in flight are dropped: nothing is heard of them.
    @Override
    void close();
}
