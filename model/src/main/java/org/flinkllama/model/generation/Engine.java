package org.flinkllama.model.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.cache.PrefixIndex;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.Sampler;
import org.flinkllama.model.tokenizer.Tokenizer;

/// Runs requests side by side on one decoder. A step is *schedule → decode → sample*: one token of every sequence
/// that generates, and at most `prefillChunk` prompt tokens. Requests join and leave at every step.
///
/// Belongs to one thread, which calls [#step()] while there is work. Closing it leaves the model open.
public final class Engine implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final StepDecoder steps;
    private final PagePool pool;
    private final PrefixIndex prefixes;
    private final Sampler sampler;
    private final int maxSequences;
    private final int prefillChunk;
    private final int contextLength;
    private final ArrayDeque<Run> waiting = new ArrayDeque<>();
    private final Map<Run, Integer> reservations = new LinkedHashMap<>();
    private final Predicate<Sequence> leaves = this::leaves;
    private final StepDecoder.Results results = new StepResults();
    private final List<Sequence> joining = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>(); // of requests that need no computing
    private final List<Run> cancelled = new ArrayList<>();
    private final List<Sequence> running = new ArrayList<>();
    private final List<Sequence> scheduled = new ArrayList<>();
    private int reservedPages;
    private long sharedPositions;

    public Engine(LlamaModel model, EngineOptions options) {
        this(
                model.newDecoder(2 * options.maxSequences() + options.prefillChunk(), options.threads()),
                model.tokenizer(),
                options,
                options.contextLength() == 0 ? model.contextLength() : options.contextLength());
        if (contextLength > model.contextLength()) {
            decoder.close();
            throw new IllegalArgumentException("Option 'context-length' is " + contextLength
                    + "; the model was trained for " + model.contextLength() + " positions at most.");
        }
    }

    /// An engine on any decoder; the engine closes it.
    public Engine(Decoder decoder, Tokenizer tokenizer, EngineOptions options, int contextLength) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.maxSequences = options.maxSequences();
        this.prefillChunk = options.prefillChunk();
        this.contextLength = contextLength;
        long positions = options.cachePositions() == 0 ? (long) maxSequences * contextLength : options.cachePositions();
        long pages = Math.ceilDiv(positions, CacheShape.pages(1) * 16L) + 2L * maxSequences;
        this.pool = new PagePool(decoder.cacheShape(), Math.toIntExact(pages));
        this.prefixes = new PrefixIndex(pool);
        this.sampler = new Sampler(decoder.vocabularySize());
        this.steps = new StepDecoder(decoder, 2 * maxSequences + prefillChunk);
    }

    /// As [#submit(Request, String, RequestListener)], in the scope that has no name.
    public Ticket submit(Request request, RequestListener listener) {
        return submit(request, "", listener);
    }

    /// Takes a request in. A request that can never be done ends as [Outcome.Failed] in the next step, a resumed one
    /// that had ended already ends as it had. What a resumed one goes on from is heard before this returns.
    ///
    /// @param scope requests of one scope share the pages of equal beginnings, requests of two never do
    public Ticket submit(Request request, String scope, RequestListener listener) {
        Run run =
                switch (request) {
                    case Request.Generate generate -> new GenerationRun(this, generate, scope, listener);
                    case Request.Score score -> new ScoringRun(this, score, scope, listener);
                };
        String refusal = refusal(request, run.pages());
        if (refusal != null) {
            ends.add(() -> listener.ended(new Outcome.Failed(refusal)));
            return () -> {};
        }
        Optional<Outcome> known = run.replay();
        if (known.isPresent()) {
            ends.add(() -> listener.ended(known.get()));
            return () -> {};
        }
        waiting.add(run);
        return () -> cancelled.add(run);
    }

    /// Why a request can never be done; null where it can.
    private String refusal(Request request, int pages) {
        int longest =
                switch (request) {
                    case Request.Generate generate -> generate.prompt().length;
                    case Request.Score score ->
                        score.prompt().length
                                + score.continuations().stream()
                                        .mapToInt(tokens -> tokens.length)
                                        .max()
                                        .orElseThrow()
                                - 1;
                };
        if (longest > contextLength) {
            return "The prompt has " + longest + " tokens; the context holds " + contextLength
                    + ". Shorten or split the text, or use a model with a longer context.";
        }
        if (request instanceof Request.Generate generate && generate.sequences() > maxSequences) {
            return "The request asks for " + generate.sequences() + " sequences; the engine decodes " + maxSequences
                    + " beside each other. Raise 'max-sequences'.";
        }
        if (pages > pool.capacity()) {
            return "The request needs " + pages + " cache pages; there are " + pool.capacity()
                    + ". Raise 'cache-positions' or lower 'max-tokens'.";
        }
        return null;
    }

    /// Computes one step.
    ///
    /// @return false where there was nothing to do
    public boolean step() {
        ends.forEach(Runnable::run);
        ends.clear();
        endCancelled();
        admit();
        if (running.isEmpty()) {
            return false;
        }
        schedule();
        steps.decode(scheduled, results);
        retire();
        return true;
    }

    private void endCancelled() {
        for (Run run : cancelled) {
            String reason = "The request was cancelled.";
            if (reservations.containsKey(run)) {
                run.fail(reason);
            } else if (waiting.remove(run)) {
                run.listener().ended(new Outcome.Failed(reason));
            }
        }
        if (!cancelled.isEmpty()) {
            cancelled.clear();
            retire();
        }
    }

    private final class StepResults implements StepDecoder.Results {
        @Override
        public void computed(Sequence sequence, Logits logits) {
            if (sequence.ended) {
                return;
            }
            sequence.computed += sequence.scheduled;
            try {
                sequence.run.computed(sequence, logits);
            } catch (RuntimeException e) {
                failed(sequence, e);
            }
            if (sequence.scheduled > 1) {
                remember(sequence);
            }
        }

        @Override
        public void failed(Sequence sequence, RuntimeException reason) {
            if (reservations.containsKey(sequence.run)) {
                sequence.run.fail("Token " + sequence.computed + " of the sequence can't be computed: " + reason
                        + ". Its neighbours can; look for what is special in this one.");
            }
        }
    }

    private void admit() {
        while (!waiting.isEmpty() && reservations.size() < maxSequences) {
            Run next = waiting.peek();
            int pages = next.pages();
            if (reservedPages + pages > pool.capacity()) {
                return;
            }
            waiting.remove();
            reservations.put(next, 0);
            reserve(next, pages);
            next.start();
            running.addAll(joining);
            joining.clear();
        }
    }

    private void schedule() {
        steps.clear();
        scheduled.clear();
        int budget = prefillChunk;
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            if (!sequence.begun && budget > 0) {
                begin(sequence);
            }
            boolean decodes = sequence.uncomputed() == 1;
            sequence.scheduled = Math.min(decodes ? 1 : Math.min(budget, sequence.uncomputed()), steps.room());
            budget -= decodes ? 0 : sequence.scheduled;
            if (sequence.scheduled > 0) {
                steps.add(sequence);
                scheduled.add(sequence);
            }
        }
    }

    /// Gives a new sequence the pages of its beginning that others have computed already.
    private void begin(Sequence sequence) {
        sequence.begun = true;
        if (sequence.computed == 0) {
            sequence.computed =
                    prefixes.adopt(sequence.run.scope(), sequence.tokens(), sequence.length() - 1, sequence.pages);
            sharedPositions += sequence.computed;
        }
    }

    /// Lets others share the pages of a sequence. Continuations that were scored are not worth it, and what failed is
    /// not to be trusted.
    private void remember(Sequence sequence) {
        if (!sequence.wantsEveryLogit && !sequence.failed) {
            prefixes.offer(sequence.run.scope(), sequence.tokens(), sequence.computed, sequence.pages);
        }
    }

    /// Lets go of sequences that have ended and takes in those that joined.
    private void retire() {
        running.addAll(joining);
        joining.clear();
        running.removeIf(leaves);
    }

    private boolean leaves(Sequence sequence) {
        if (sequence.ended) {
            remember(sequence);
            sequence.pages.release();
        }
        return sequence.ended;
    }

    /// Ends every request with a failure, for a decoder that can't go on.
    public void failAll(String reason) {
        for (Run run : List.copyOf(reservations.keySet())) {
            run.fail(reason);
        }
        for (Run run : waiting) {
            run.listener().ended(new Outcome.Failed(reason));
        }
        waiting.clear();
        ends.forEach(Runnable::run);
        ends.clear();
        retire();
    }

    /// What the engine holds now.
    public Load load() {
        return new Load(reservations.size(), waiting.size(), pool.used(), pool.capacity(), sharedPositions);
    }

    /// Requests that are computed now.
    public int running() {
        return reservations.size();
    }

    /// Requests that wait for a place.
    public int waiting() {
        return waiting.size();
    }

    /// Pages of the cache that sequences hold.
    public int usedPages() {
        return pool.used();
    }

    /// Prompt tokens that were not computed, because an equal beginning was in the cache.
    public long sharedPositions() {
        return sharedPositions;
    }

    /// Pages that the cache can hold.
    public int pageCapacity() {
        return pool.capacity();
    }

    /// Positions that a sequence can have.
    public int contextLength() {
        return contextLength;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Sampler sampler() {
        return sampler;
    }

    PageTable newPages() {
        return new PageTable(pool);
    }

    /// Adds a sequence to those that run, behind the present step.
    void join(Sequence sequence) {
        joining.add(sequence);
    }

    /// Reserves pages for one more sequence of a run, if there is room for both.
    boolean tryReserve(Run run, int pages) {
        if (running.size() + joining.size() >= maxSequences || reservedPages + pages > pool.capacity()) {
            return false;
        }
        reserve(run, pages);
        return true;
    }

    /// Reserves pages for a run, or gives them back where `pages` is negative.
    void reserve(Run run, int pages) {
        reservedPages += pages;
        reservations.merge(run, pages, Integer::sum);
    }

    /// Marks all sequences of a run as ended without a result.
    void abandon(Run run) {
        abandon(run, running);
        abandon(run, joining);
    }

    private static void abandon(Run run, List<Sequence> sequences) {
        for (Sequence sequence : sequences) {
            if (sequence.run == run) {
                sequence.ended = true;
                sequence.failed = true;
            }
        }
    }

    void end(Run run, Outcome outcome) {
        Integer pages = reservations.remove(run);
        reservedPages -= pages;
        run.listener().ended(outcome);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
