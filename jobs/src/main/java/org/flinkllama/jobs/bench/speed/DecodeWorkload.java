package org.flinkllama.jobs.bench.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.llama.LlamaModel;

/// Generates beside each other through the engine: a token of every sequence in a step, sampled and turned into text.
/// The time of the prompts is not counted.
public final class DecodeWorkload implements Workload {
    private final MeteredEngine engine;
    private final DecodeShape shape;
    private final List<int[]> prompts = new ArrayList<>();

    public DecodeWorkload(LlamaModel model, int threads, DecodeShape shape) {
        this.shape = shape;
        this.engine = new MeteredEngine(
                model,
                new EngineOptions(threads, shape.sequences(), shape.chunk(), shape.positions(), 0, shape.cacheType()));
        SplittableRandom random = new SplittableRandom(1);
        for (int sequence = 0; sequence < shape.sequences(); sequence++) {
            prompts.add(engine.prompt(random, shape.context()));
        }
    }

    @Override
    public Work run() throws InterruptedException {
        prompts.forEach(prompt -> engine.submit(prompt, shape.maxTokens()));
        while (engine.begun() < shape.sequences()) {
            engine.step();
        }
        long before = engine.tokens();
        long begin = System.nanoTime();
        for (int step = 0; step < shape.steps(); step++) {
            engine.step();
        }
        Work work = new Work(engine.tokens() - before, System.nanoTime() - begin);
        engine.drop();
        return work;
    }

    @Override
    public void close() {
        engine.close();
    }
}
