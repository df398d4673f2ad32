package org.flinkllama.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.model.generation.Outcome.FinishReason;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.sampling.Draws;
import org.flinkllama.model.sampling.Sampler;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.tokenizer.TextDecoder;

/// Generates the sequences of a request: one prompt, computed once, forked for every further sequence.
final class GenerationRun implements Run {
    private final Engine engine;
    private final Request.Generate request;
    private final String scope;
    private final RequestListener listener;
    private final List<Progress> sequences = new ArrayList<>();
    private int unfinished;
    private boolean forked;

    GenerationRun(Engine engine, Request.Generate request, String scope, RequestListener listener) {
        this.engine = engine;
        this.request = request;
        this.scope = scope;
        this.listener = listener;
        this.unfinished = request.sequences();
    }

    @Override
    public int pages() {
        int positions = Math.min(engine.contextLength(), request.prompt().length + request.maxTokens());
        int shared = request.prompt().length / Kernel.PAGE_POSITIONS;
        return CacheShape.pages(positions) + (request.sequences() - 1) * (CacheShape.pages(positions) - shared);
    }

    @Override
    public String scope() {
        return scope;
    }

    @Override
    public RequestListener listener() {
        return listener;
    }

    @Override
    public Optional<Outcome> replay() {
        for (int index = 0; index < request.sequences(); index++) {
            Progress progress = new Progress(new Sequence(this, index, engine.newPages(), request.prompt(), 0, false));
            sequences.add(progress);
            if (!request.sampled().isEmpty()) {
                progress.replay(request.sampled().get(index));
            }
        }
        return unfinished == 0 ? Optional.of(generated()) : Optional.empty();
    }

    @Override
    public void start() {
        sequences.stream()
                .map(progress -> progress.sequence)
                .filter(sequence -> !sequence.ended)
                .findFirst()
                .ifPresent(engine::join);
    }

    @Override
    public void computed(Sequence sequence, Logits logits) {
        if (!forked && sequence.computed >= request.prompt().length) {
            fork(sequence);
        }
        if (sequence.uncomputed() > 0) {
            return;
        }
        int row = sequence.firstLogitRow;
        float normaliser = logits.normaliser(row);
        if (!Float.isFinite(normaliser)) {
            fail("The model gave " + normaliser + " instead of numbers at position " + (sequence.length() - 1)
                    + ". Its file may be damaged; verify its checksum.");
            return;
        }
        for (Progress progress : sequences) {
            // Beside the sequence itself those that were forked from it behind the prompt's last token.
            if (!progress.sequence.ended && progress.sequence.uncomputed() == 0) {
                progress.sample(logits, row, normaliser);
            }
        }
        if (unfinished == 0) {
            engine.end(this, generated());
        }
    }

    /// Lets the other sequences go on from the pages of the one that has read the prompt.
    private void fork(Sequence first) {
        forked = true;
        int prompt = request.prompt().length;
        for (Progress progress : sequences) {
            Sequence follower = progress.sequence;
            if (follower != first && !follower.ended) {
                // One that has sampled nothing needs the logits of the prompt's last token, which are at hand only
                // where the first one stands there, too.
                boolean rereads = follower.length() == prompt && first.length() > prompt;
                follower.computed = rereads ? prompt - 1 : prompt;
                follower.pages = first.pages.fork(follower.computed);
                follower.begun = true;
                engine.join(follower);
            }
        }
    }

    private Outcome generated() {
        return new Outcome.Generated(
                sequences.stream().map(progress -> progress.completion).toList(), request.prompt().length);
    }

    @Override
    public void fail(String reason) {
        engine.abandon(this);
        engine.end(this, new Outcome.Failed(reason));
    }

    /// One sequence's text.
    private final class Progress {
        private final Sequence sequence;
        private final TextDecoder decoder = TextDecoder.ofContinuation(engine.tokenizer());
        private final StopStrings stops = new StopStrings(request.stop());
        private final BitSet seen = new BitSet();
        private final BitSet allowed = new BitSet();
        private final Sampler.Choice amongAll = new Sampler.Choice(request.sampling(), null, seen);
        private final Sampler.Choice amongAllowed = new Sampler.Choice(request.sampling(), allowed, seen);
        private float[] logProbabilities = new float[16];
        private int sampled;
        private Completion completion;

        private Progress(Sequence sequence) {
            this.sequence = sequence;
            if (request.sampling().repetitionPenalty() != 1) {
                Arrays.stream(request.prompt()).forEach(seen::set);
            }
        }

        private void replay(Request.Sampled earlier) {
            for (int index = 0; index < earlier.tokens().length && !sequence.ended; index++) {
                take(earlier.tokens()[index], earlier.logProbabilities()[index]);
            }
        }

        private void sample(Logits logits, int row, float normaliser) {
            boolean restricted = restrict();
            double draw = Draws.uniform(request.sampling().seed(), sequence.index, sequence.length());
            int token = engine.sampler()
                    .sample(logits.values(), logits.offset(row), restricted ? amongAllowed : amongAll, draw);
            take(token, logits.logit(row, token) - normaliser);
        }

        private void take(int token, float logProbability) {
            addLogProbability(logProbability);
            if (engine.tokenizer().specialTokens().endOfGeneration().contains(token)) {
                finish(FinishReason.STOP, token, "");
                return;
            }
            seen.set(token);
            sequence.append(token);
            String text = stops.add(decoder.push(token));
            if (stops.met()) {
                finish(FinishReason.STOP, token, text);
            } else if (sampled == request.maxTokens()) {
                finish(FinishReason.LENGTH, token, text);
            } else if (sequence.length() >= engine.contextLength()) {
                finish(FinishReason.CONTEXT, token, text);
            } else {
                listener.generated(sequence.index, token, logProbability, text);
            }
        }

        private boolean restrict() {
            if (request.constraint() == TokenConstraint.NONE) {
                return false;
            }
            int[] generated = sequence.tokens(request.prompt().length);
            allowed.clear();
            return request.constraint().restrict(generated, generated.length, allowed);
        }

        private void addLogProbability(float logProbability) {
            if (sampled == logProbabilities.length) {
                logProbabilities = Arrays.copyOf(logProbabilities, 2 * sampled);
            }
            logProbabilities[sampled++] = logProbability;
        }

        /// @param text what the last token added, behind which comes what was held back
        private void finish(FinishReason reason, int token, String text) {
            String rest = stops.met() ? "" : stops.add(decoder.finish()) + stops.finish();
            listener.generated(sequence.index, token, logProbabilities[sampled - 1], text + rest);
            completion = new Completion(
                    sequence.tokens(request.prompt().length),
                    Arrays.copyOf(logProbabilities, sampled),
                    stops.text(),
                    reason);
            sequence.ended = true;
            unfinished--;
        }
    }
}
