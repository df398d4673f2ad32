package org.flinkllama.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
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
    public void start() {
        Sequence first = new Sequence(this, 0, engine.newPages(), request.prompt(), 0, false);
        sequences.add(new Progress(first));
        engine.join(first);
    }

    @Override
    public void computed(Sequence sequence, Logits logits) {
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
        boolean promptEnds = sequence.length() == request.prompt().length;
        if (promptEnds && sequence.index == 0) {
            for (int index = 1; index < request.sequences(); index++) {
                Sequence fork = new Sequence(
                        this,
                        index,
                        sequence.pages.fork(sequence.computed),
                        request.prompt(),
                        sequence.computed,
                        false);
                sequences.add(new Progress(fork));
                engine.join(fork);
            }
        }
        if (promptEnds) {
            for (Progress progress : sequences) {
                progress.sample(logits, row, normaliser);
            }
        } else {
            sequences.get(sequence.index).sample(logits, row, normaliser);
        }
        if (unfinished == 0) {
            List<Completion> completions =
                    sequences.stream().map(progress -> progress.completion).toList();
            engine.end(this, new Outcome.Generated(completions, request.prompt().length));
        }
    }

    @Override
    public void fail(String reason) {
        sequences.forEach(progress -> progress.sequence.ended = true);
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
        private int[] generated = new int[16];
        private int generatedTokens;
        private int sampled;
        private Completion completion;

        private Progress(Sequence sequence) {
            this.sequence = sequence;
            if (request.sampling().repetitionPenalty() != 1) {
                Arrays.stream(request.prompt()).forEach(seen::set);
            }
        }

        private void sample(Logits logits, int row, float normaliser) {
            boolean restricted = restrict();
            double draw = Draws.uniform(request.sampling().seed(), sequence.index, sequence.length());
            int token = engine.sampler()
                    .sample(logits.values(), logits.offset(row), restricted ? amongAllowed : amongAll, draw);
            addLogProbability(logits.logit(row, token) - normaliser);
            if (engine.ends(token)) {
                finish(FinishReason.STOP, token, "");
                return;
            }
            seen.set(token);
            sequence.append(token);
            if (generatedTokens == generated.length) {
                generated = Arrays.copyOf(generated, 2 * generatedTokens);
            }
            generated[generatedTokens++] = token;
            String text = stops.add(decoder.push(token));
            if (stops.met()) {
                finish(FinishReason.STOP, token, text);
            } else if (sampled == request.maxTokens()) {
                finish(FinishReason.LENGTH, token, text);
            } else if (sequence.length() >= engine.contextLength()) {
                finish(FinishReason.CONTEXT, token, text);
            } else {
                listener.generated(sequence.index, token, text);
            }
        }

        private boolean restrict() {
            if (request.constraint() == TokenConstraint.NONE) {
                return false;
            }
            allowed.clear();
            return request.constraint().restrict(generated, generatedTokens, allowed);
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
            listener.generated(sequence.index, token, text + rest);
            completion = new Completion(
                    Arrays.copyOf(generated, generatedTokens),
                    Arrays.copyOf(logProbabilities, sampled),
                    stops.text(),
                    reason);
            sequence.ended = true;
            unfinished--;
        }
    }
}
