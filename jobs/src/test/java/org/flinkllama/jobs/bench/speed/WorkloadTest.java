package org.flinkllama.jobs.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.flinkllama.jobs.bench.speed.Workload.Work;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Workloads do what they say they timed.
final class WorkloadTest {
    @TempDir
    private Path folder;

    private LlamaModel model;

    @BeforeEach
    void open() throws IOException {
        model = LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 8", "2, 256"})
    void readsEveryTokenOfAPromptEachTime(int threads, int length) throws Exception {
        try (Workload prompt = new PromptWorkload(model, threads, length, CacheType.F32)) {
            assertThat(prompt.run().amount()).isEqualTo(length);
            assertThat(prompt.run().amount()).isEqualTo(length);
            assertThat(prompt.run().nanos()).isPositive();
        }
    }

    /// The last one reads its prompts in two steps.
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "1, 3, 16, 9", "2, 5, 120, 30"})
    void decodesATokenOfEverySequenceInEveryStep(int threads, int sequences, int context, int steps) throws Exception {
        DecodeShape shape = new DecodeShape(sequences, context, steps, CacheType.F32);
        assertThat(shape.positions()).isLessThanOrEqualTo(model.contextLength());
        try (Workload engine = new DecodeWorkload(model, threads, shape);
                Workload decoder = new DecoderWorkload(model, threads, shape)) {
            for (int repetition = 0; repetition < 3; repetition++) {
                assertThat(engine.run().amount()).isEqualTo((long) sequences * steps);
                assertThat(decoder.run().amount()).isEqualTo((long) sequences * steps);
            }
        }
    }

    @Test
    void stopsWhereItsThreadIsInterrupted() {
        try (Workload decode = new DecodeWorkload(model, 1, new DecodeShape(1, 4, 4, CacheType.F16))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(decode::run).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void readsMemoryOnSeveralThreads() throws Exception {
        try (Workload memory = new MemoryReadWorkload(3)) {
            Work work = memory.run();
            assertThat(work.amount()).isBetween(2_000_000_000L, 8L << 28);
            assertThat(work.nanos()).isPositive();
        }
    }

    @Test
    void addsUpWorkAndTime() {
        Work work = new Work(3, 1_000_000_000).plus(new Work(1, 1_000_000_000));
        assertThat(work.perSecond()).isEqualTo(2);
    }
}
