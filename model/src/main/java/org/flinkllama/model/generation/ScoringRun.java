package org.flinkllama.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.cache.CacheShape;

/// Scores continuations of one prompt: the prompt is computed once, each continuation on a fork of its pages.
final class ScoringRun implements Run {
    private final Engine engine;
    private final Request.Score request;
    private final String scope;
    private final RequestListener listener;
    private final List<double[]> scores = new ArrayList<>();
    private Sequence prompt;
    private int nextContinuation;
    private int unfinished;
    private int active;

    ScoringRun(Engine engine, Request.Score request, String scope, RequestListener listener) {
        this.engine = engine;
        this.request = request;
        this.scope = scope;
        this.listener = listener;
        this.unfinished = request.continuations().size();
        request.continuations().forEach(continuation -> scores.add(new double[continuation.length]));
    }

    @Override
    public int pages() {
        return CacheShape.pages(request.prompt().length) + longestContinuationPages();
    }

    private int longestContinuationPages() {
        int longest = request.continuations().stream()
                .mapToInt(continuation -> continuation.length)
                .max()
                .orElseThrow();
        return CacheShape.pages(longest) + 1;
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
        return Optional.empty();
    }

    @Override
    public void start() {
        prompt = new Sequence(this, -1, engine.newPages(), request.prompt(), 0, false);
        engine.join(prompt);
    }

    @Override
    public void computed(Sequence sequence, Logits logits) {
        boolean sound = sequence == prompt ? scoreFirstTokens(logits) : scoreTokens(sequence, logits);
        if (!sound) {
            fail("The model gave no finite numbers for a prompt of " + request.prompt().length
                    + " tokens. Its file may be damaged; verify its checksum.");
            return;
        }
        if (prompt.uncomputed() == 0) {
            startContinuations();
            if (unfinished == 0) {
                prompt.ended = true;
                engine.end(this, new Outcome.Scored(List.copyOf(scores), request.prompt().length));
            }
        }
    }

    private boolean scoreFirstTokens(Logits logits) {
        if (prompt.uncomputed() > 0) {
            return true;
        }
        float normaliser = logits.normaliser(prompt.firstLogitRow);
        for (int i = 0; i < scores.size(); i++) {
            int token = request.continuations().get(i)[0];
            scores.get(i)[0] = logits.logit(prompt.firstLogitRow, token) - normaliser;
            if (scores.get(i).length == 1) {
                unfinished--;
            }
        }
        return Float.isFinite(normaliser);
    }

    /// Forks the prompt for continuations of several tokens: one at a time for certain, more where the engine has
    /// room.
    private void startContinuations() {
        for (; nextContinuation < scores.size(); nextContinuation++) {
            int[] continuation = request.continuations().get(nextContinuation);
            if (continuation.length == 1) {
                continue;
            }
            if (active > 0 && !engine.tryReserve(this, longestContinuationPages())) {
                return;
            }
            int[] tokens = Arrays.copyOf(request.prompt(), request.prompt().length + continuation.length - 1);
            System.arraycopy(continuation, 0, tokens, request.prompt().length, continuation.length - 1);
            Sequence fork = new Sequence(
                    this, nextContinuation, prompt.pages.fork(prompt.computed), tokens, prompt.computed, true);
            active++;
            engine.join(fork);
        }
    }

    private boolean scoreTokens(Sequence sequence, Logits logits) {
        int[] continuation = request.continuations().get(sequence.index);
        boolean sound = true;
        for (int i = 0; i < sequence.scheduled; i++) {
            int position = sequence.computed - sequence.scheduled + i;
            int scored = position - request.prompt().length + 1;
            float normaliser = logits.normaliser(sequence.firstLogitRow + i);
            scores.get(sequence.index)[scored] =
                    logits.logit(sequence.firstLogitRow + i, continuation[scored]) - normaliser;
            sound &= Float.isFinite(normaliser);
        }
        if (sequence.uncomputed() == 0) {
            sequence.ended = true;
            unfinished--;
            if (--active > 0) {
                engine.reserve(this, -longestContinuationPages());
            }
        }
        return sound;
    }

    @Override
    public void fail(String reason) {
        engine.abandon(this);
        engine.end(this, new Outcome.Failed(reason));
    }
}
