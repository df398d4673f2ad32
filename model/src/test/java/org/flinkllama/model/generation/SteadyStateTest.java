package org.flinkllama.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Once everything is compiled, a step allocates nothing on the heap but the text of its tokens.
class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SEQUENCES = 4;
    private static final int STEPS = 64;

    /// Vectors are objects until the compiler has seen enough of the code.
    private static final int MOST_WINDOWS = 3000;

    /// A token's bytes on their way to be a string, that string, and a share of the text that grows.
    private static final long BYTES_OF_A_TOKENS_TEXT = 400;

    @TempDir
    private Path folder;

    @Test
    void aDecoderAllocatesNothing() throws IOException {
        try (LlamaModel model = model();
                Decoder decoder = model.newDecoder(SEQUENCES, 1)) {
            PagePool pool = new PagePool(decoder.cacheShape(), CacheType.F16, 100);
            PageTable[] tables = new PageTable[SEQUENCES];
            for (int i = 0; i < SEQUENCES; i++) {
                tables[i] = new PageTable(pool);
                tables[i].reserve(STEPS);
            }
            Batch batch = new Batch(SEQUENCES);
            assertThat(lowestAllocation(
                            () -> {
                                long before = THREADS.getCurrentThreadAllocatedBytes();
                                for (int position = 0; position < STEPS; position++) {
                                    batch.clear();
                                    for (int i = 0; i < SEQUENCES; i++) {
                                        batch.add(20 + i + position, position, tables[i], true);
                                    }
                                    decoder.decode(batch);
                                }
                                return THREADS.getCurrentThreadAllocatedBytes() - before;
                            },
                            0))
                    .isZero();
        }
    }

    @Test
    void anEngineAllocatesTheTextOfItsTokensAlone() throws IOException {
        try (LlamaModel model = model();
                Engine engine = new Engine(model, new EngineOptions(1, SEQUENCES, 64, 0, 0))) {
            Set<Integer> ends = model.tokenizer().specialTokens().endOfGeneration();
            TokenConstraint endless = (generated, count, allowed) -> {
                allowed.set(0, model.tokenizer().vocabularySize());
                ends.forEach(allowed::clear);
                return true;
            };
            SamplingOptions sampling = new SamplingOptions(1, 0, 1, 0.01f, 1, 7);
            long most = STEPS * SEQUENCES * BYTES_OF_A_TOKENS_TEXT;
            assertThat(lowestAllocation(
                            () -> {
                                for (int i = 0; i < SEQUENCES; i++) {
                                    engine.submit(
                                            new Request.Generate(
                                                    new int[] {20, 21, 22, 23 + i},
                                                    sampling,
                                                    1,
                                                    STEPS + 8,
                                                    List.of(),
                                                    endless),
                                            outcome -> {});
                                }
                                for (int step = 0; step < 4; step++) {
                                    engine.step();
                                }
                                long before = THREADS.getCurrentThreadAllocatedBytes();
                                for (int step = 0; step < STEPS; step++) {
                                    engine.step();
                                }
                                long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
                                assertThat(engine.running()).isEqualTo(SEQUENCES);
                                while (engine.step()) {
                                    assertThat(engine.running()).isLessThanOrEqualTo(SEQUENCES);
                                }
                                return allocated;
                            },
                            most))
                    .isLessThanOrEqualTo(most);
        }
    }

    private LlamaModel model() throws IOException {
        return LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")));
    }

    /// What the window that allocates least allocates; stops at one that allocates no more than `enough`.
    private static long lowestAllocation(LongSupplier window, long enough) {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < MOST_WINDOWS && lowest > enough; i++) {
            lowest = Math.min(lowest, window.getAsLong());
        }
        return lowest;
    }
}
