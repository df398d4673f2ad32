package org.flinkllama.jobs.bench.speed;

import java.util.SplittableRandom;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.llama.LlamaModel;

/// Reads one prompt through the engine and samples the token behind it. Every prompt is another: none has pages in the
/// cache already.
public final class PromptWorkload implements Workload {
    /// Prompt tokens of a step at most.
    public static final int LARGEST_CHUNK = 512;

    private final MeteredEngine engine;
    private final int length;
    private final SplittableRandom random = new SplittableRandom(1);

    /// @param length tokens of the prompt
    public PromptWorkload(LlamaModel model, int threads, int length, CacheType cacheType) {
        this.length = length;
        int chunk = Math.min(length, LARGEST_CHUNK);
        this.engine = new MeteredEngine(model, new EngineOptions(threads, 1, chunk, length, 0, cacheType));
    }

    @Override
    public Work run() throws InterruptedException {
        int[] prompt = engine.prompt(random, length);
        long begin = System.nanoTime();
        engine.submit(prompt, 1);
        while (engine.ended() == 0) {
            engine.step();
        }
        return new Work(length, System.nanoTime() - begin);
    }

    @Override
    public void close() {
        engine.close();
    }
}
