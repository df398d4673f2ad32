package org.flinkllama.jobs.bench.speed;

import java.util.List;
import java.util.SplittableRandom;
import org.flinkllama.model.generation.Engine;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;

/// An engine whose generations never end by themselves, and what came out of it. Belongs to one thread.
final class MeteredEngine implements AutoCloseable {
    private final Engine engine;
    private final int vocabularySize;
    private long tokens;
    private int begun;
    private int ended;
    private String failure; // null while all goes well

    MeteredEngine(LlamaModel model, EngineOptions options) {
        vocabularySize = model.tokenizer().vocabularySize();
        engine = new Engine(
                model.newDecoder(2 * options.maxSequences() + options.prefillChunk(), options.threads()),
                new EndlessTokenizer(model.tokenizer()),
                options,
                options.contextLength());
    }

    /// A prompt of random tokens.
    int[] prompt(SplittableRandom random, int length) {
        return random.ints(length, 0, vocabularySize).toArray();
    }

    /// Submits a prompt to go on with greedily, and forgets what came out before where none is running.
    void submit(int[] prompt, int maxTokens) {
        if (engine.running() + engine.waiting() == 0) {
            tokens = 0;
            begun = 0;
            ended = 0;
        }
        engine.submit(
                new Request.Generate(prompt, SamplingOptions.GREEDY, 1, maxTokens, List.of(), TokenConstraint.NONE),
                new Meter());
    }

    void step() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Stopped.");
        }
        engine.step();
        if (failure != null) {
            throw new MeasurementException("The engine failed: " + failure);
        }
    }

    /// Drops all requests.
    void drop() {
        engine.failAll("dropped");
        failure = null;
    }

    /// Tokens generated.
    long tokens() {
        return tokens;
    }

    /// Requests that have generated a token.
    int begun() {
        return begun;
    }

    /// Requests that came to their end.
    int ended() {
        return ended;
    }

    @Override
    public void close() {
        engine.close();
    }

    private final class Meter implements RequestListener {
        private boolean heard;

        @Override
        public void generated(int sequence, int token, float logProbability, String text) {
            tokens++;
            begun += heard ? 0 : 1;
            heard = true;
        }

        @Override
        public void ended(Outcome outcome) {
            ended++;
            if (outcome instanceof Outcome.Failed(String reason)) {
                failure = reason;
            }
        }
    }
}
