package org.flinkllama.operators.replica;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.flinkllama.model.generation.Engine;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.generation.Load;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.model.generation.Ticket;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;

/// A replica on an engine of this process. The engine lives on a thread of its own, which steps while there is work
/// and parks while there is none.
public final class ModelReplica implements Replica {
    private final ModelCard card;
    private final Runnable release;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Submission> submitted = new ConcurrentLinkedQueue<>();
    private final Set<Submission> inFlight = new LinkedHashSet<>(); // the engine thread's
    private final AtomicInteger open = new AtomicInteger(); // requests submitted and not ended
    private final ConcurrentLinkedQueue<Submission> cancelled = new ConcurrentLinkedQueue<>();
    private volatile Load load = Load.NONE;
    private volatile boolean closing;
    private volatile String failure;

    private ModelReplica(ModelCard card, Supplier<Engine> opener, Runnable release) {
        this.card = card;
        this.release = release;
        CompletableFuture<Void> warm = new CompletableFuture<>();
        this.thread = Thread.ofPlatform().daemon().name("llama-engine").unstarted(() -> live(opener, warm));
        thread.setName("llama-engine-" + thread.threadId());
        thread.start();
        try {
            warm.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new ReplicaException("The engine of model '" + card.name() + "' can't be opened: " + e.getCause(), e);
        }
    }

    /// Opens the model in `file`, or takes the one that is open in this process, and computes a first token.
    ///
    /// @param stay until whose end the model stays open
    /// @throws ReplicaException where there is no such file, or a model in it that can't be used or not here
    static Replica open(ReplicaOptions options, Path file, ReplicaSource.Stay stay) throws IOException {
        try {
            SharedModels<LlamaModel>.Lease lease = SharedModels.PROCESS.lease(file, stay);
            try {
                return open(options, file, lease);
            } catch (IOException | RuntimeException e) {
                lease.close();
                throw e;
            }
        } catch (GgufException refused) {
            throw new ReplicaException(refused.getMessage(), refused);
        }
    }

    private static Replica open(ReplicaOptions options, Path file, SharedModels<LlamaModel>.Lease lease)
            throws IOException {
        LlamaModel model = lease.model();
        long bytesPerToken = model.shape().cacheBytesPerToken(options.cacheType());
        EngineOptions bounds = options.engineOptions(model.contextLength(), bytesPerToken);
        new MemoryNeed(model.file().bytes(), model.repackedBytes(), bounds.cachePositions(), bytesPerToken)
                .requireRoom(model.name(), Runtime.getRuntime().maxMemory(), MemoryNeed.ofMachine());
        // The first replica of a process reads the whole file for this, the others none of it.
        options.model().requireSha256(file, model.sha256());
        ModelCard card = new ModelCard(
                model.name(), model.sha256(), model.tokenizer(), model.chatTemplate(), bounds.contextLength());
        return start(card, () -> new Engine(model, bounds), lease::close);
    }

    /// A replica on the engine that `opener` opens on the replica's thread.
    ///
    /// @param release run on that thread when the engine is closed
    static Replica start(ModelCard card, Supplier<Engine> opener, Runnable release) {
        return new ModelReplica(card, opener, release);
    }

    /// A request on its way; hears its end once.
    private final class Submission implements RequestListener, Ticket {
        private final Request request;
        private final String scope;
        private final RequestListener listener;
        private Ticket ticket; // the engine thread's

        private Submission(Request request, String scope, RequestListener listener) {
            this.request = request;
            this.scope = scope;
            this.listener = listener;
        }

        @Override
        public void generated(int sequence, int token, float logProbability, String text) {
            listener.generated(sequence, token, logProbability, text);
        }

        @Override
        public void ended(Outcome outcome) {
            inFlight.remove(this);
            open.decrementAndGet();
            listener.ended(outcome);
        }

        @Override
        public void cancel() {
            cancelled.add(this);
            LockSupport.unpark(thread);
        }

        private void refuse(String reason) {
            open.decrementAndGet();
            listener.ended(new Outcome.Failed(reason));
        }
    }

    @Override
    public ModelCard model() {
        return card;
    }

    @Override
    public Ticket submit(Request request, String scope, RequestListener listener) {
        open.incrementAndGet();
        Submission submission = new Submission(request, scope, listener);
        submitted.add(submission);
        LockSupport.unpark(thread);
        // A thread that failed in between has looked at the queue for the last time.
        String reason = failure;
        if (reason != null) {
            refuseSubmitted(reason);
        }
        return submission;
    }

    @Override
    public Load load() {
        Load last = load;
        return new Load(
                last.running(),
                Math.max(0, open.get() - last.running()),
                last.usedPages(),
                last.pageCapacity(),
                last.sharedPositions());
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The thread ends after its step all the same, and gives the model back itself.
            Thread.currentThread().interrupt();
        }
    }

    private void live(Supplier<Engine> opener, CompletableFuture<Void> warm) {
        try (Engine engine = opener.get()) {
            warmUp(engine);
            warm.complete(null);
            while (!closing) {
                takeIn(engine);
                boolean worked = engine.step();
                load = engine.load();
                if (!worked && submitted.isEmpty() && cancelled.isEmpty() && !closing) {
                    LockSupport.park(this);
                }
            }
        } catch (Throwable broken) { // an error of the virtual machine, too, must be heard by those who wait
            if (!warm.completeExceptionally(broken)) {
                fail("The engine of model '" + card.name() + "' broke: " + broken);
            }
        } finally {
            release.run();
        }
    }

    private void takeIn(Engine engine) {
        List<Submission> takenBack = new ArrayList<>();
        for (Submission next = cancelled.poll(); next != null; next = cancelled.poll()) {
            takenBack.add(next); // submitted before, so that it is among those that are taken in here at the latest
        }
        for (Submission next = submitted.poll(); next != null; next = submitted.poll()) {
            inFlight.add(next);
            next.ticket = engine.submit(next.request, next.scope, next);
        }
        takenBack.forEach(submission -> submission.ticket.cancel());
    }

    private void warmUp(Engine engine) {
        int token = card.tokenizer().specialTokens().beginningOfSequence().orElse(0);
        Request request =
                new Request.Generate(new int[] {token}, SamplingOptions.GREEDY, 1, 1, List.of(), TokenConstraint.NONE);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        engine.submit(request, outcome::complete);
        while (!outcome.isDone()) {
            engine.step();
        }
        if (outcome.join() instanceof Outcome.Failed(String reason)) {
            throw new ReplicaException("Model '" + card.name() + "' can't compute a first token: " + reason);
        }
    }

    private void fail(String reason) {
        failure = reason;
        load = Load.NONE;
        for (Submission submission : List.copyOf(inFlight)) {
            submission.ended(new Outcome.Failed(reason));
        }
        refuseSubmitted(reason);
    }

    private void refuseSubmitted(String reason) {
        for (Submission next = submitted.poll(); next != null; next = submitted.poll()) {
            next.refuse(reason);
        }
    }
}
