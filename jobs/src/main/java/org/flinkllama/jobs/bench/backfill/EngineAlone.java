package org.flinkllama.jobs.bench.backfill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.flinkllama.jobs.bench.speed.MeasurementException;
import org.flinkllama.jobs.bench.speed.Workload;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.operators.replica.ModelFiles;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaSource;

/// Gives an engine all requests at once and waits for the last outcome. Each run has an engine of its own, so that none
/// finds in the cache what another has computed; the time to open it does not count. The model stays open until this is
/// closed, for whatever else is measured meanwhile.
final class EngineAlone implements Workload {
    private static final String SCOPE = "documents";

    private final ReplicaSource engine;
    private final List<Request> requests;
    private final List<Runnable> ends = new ArrayList<>();

    EngineAlone(ReplicaSource engine, List<Request> requests) {
        this.engine = engine;
        this.requests = List.copyOf(requests);
    }

    @Override
    public Work run() throws InterruptedException {
        return pass().work();
    }

    Passage pass() throws InterruptedException {
        try (Replica replica = engine.open(ModelFiles.ON_DISK, new ReplicaSource.Stay("engine-alone", ends::add))) {
            Tally tally = new Tally(requests.size());
            Passage.Start begin = Passage.Start.now();
            for (Request request : requests) {
                replica.submit(request, SCOPE, tally);
            }
            tally.left.await();
            return begin.end(tally.tokens());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }

    /// Hears of all requests, on the engine's thread.
    private static final class Tally implements RequestListener {
        private final CountDownLatch left;
        private TokenCount heard = TokenCount.NONE;
        private String failure = "";

        Tally(int requests) {
            left = new CountDownLatch(requests);
        }

        @Override
        public void ended(Outcome outcome) {
            switch (outcome) {
                case Outcome.Generated(var completions, int promptTokens) ->
                    heard = heard.withDocument(
                            promptTokens,
                            completions.stream()
                                    .mapToInt(completion -> completion.tokens().length)
                                    .sum());
                case Outcome.Scored(var continuations, int promptTokens) ->
                    heard = heard.withDocument(
                            promptTokens,
                            continuations.stream()
                                    .mapToInt(continuation -> continuation.length)
                                    .sum());
                case Outcome.Failed(String reason) -> failure = reason;
            }
            left.countDown();
        }

        /// What was counted, once nothing is left.
        TokenCount tokens() {
            if (!failure.isEmpty()) {
                throw new MeasurementException("The engine failed: " + failure);
            }
            return heard;
        }
    }
}
