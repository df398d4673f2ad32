package org.flinkllama.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelWarmUpTest {
    @TempDir
    private Path folder;

    @AfterEach
    void leavesNoThread() throws InterruptedException {
        for (Thread thread : warmUpThreads()) {
            thread.join(20_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @Test
    void changesNoBitOfAResult() throws IOException {
        Path file = large().write(folder.resolve("m.gguf"));
        try (LlamaModel cold = LlamaModel.open(file)) {
            float[][] expected = logits(cold);
            try (LlamaModel warm = LlamaModel.openWarm(file)) {
                assertThat(logits(warm)).isDeepEqualTo(expected);
            }
            assertThat(logits(cold)).isDeepEqualTo(expected);
        }
    }

    @Test
    void endsWithAModelThatIsClosedEarly() throws IOException {
        LlamaModel.openWarm(large().write(folder.resolve("m.gguf"))).close();
    }

    @Test
    void endsWithAModelThatIsRefused() {
        assertThatThrownBy(() -> LlamaModel.openWarm(
                        large().metadata("tokenizer.ggml.model", "unigram").write(folder.resolve("refused.gguf"))))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("'unigram'");
    }

    @Test
    void leavesModelsAloneThatAreComputedSooner() throws IOException {
        try (LlamaModel model =
                LlamaModel.openWarm(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("m.gguf")))) {
            assertThat(warmUpThreads()).isEmpty();
            assertThat(logits(model)).hasNumberOfRows(7);
        }
    }

    @Test
    void hasProductsWithOneFewAndManyTokensForEveryTypeThatTheModelMultiplies() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            RandomModel mixed = RandomModel.tiny(TensorType.Q4_0)
                    .typeOf("blk.1.attn_v", TensorType.Q8_0)
                    .typeOf("token_embd", TensorType.F16);
            GgufFile file = GgufFile.open(mixed.write(folder.resolve("m.gguf")), arena);
            LlamaShape shape = LlamaShape.read(file.metadata());
            KernelSamples samples = new KernelSamples(shape, LlamaWeights.read(file, shape, 300), arena);
            int types = 3;
            int tokenCounts = 3;
            int others = tokenCounts + 2; // attention of as many tokens, normalisation, activation
            assertThat(samples.samples()).hasSize(types * tokenCounts + others);
        }
    }

    /// The smallest shape, about, for which it pays.
    private static RandomModel large() {
        return new RandomModel(new LlamaShape(2, 512, 1024, 8, 4, 64, 256, 1e-5f), 300);
    }

    private static Set<Thread> warmUpThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("llama-warm-up"))
                .collect(Collectors.toSet());
    }

    private static float[][] logits(LlamaModel model) {
        List<float[]> logits = new ArrayList<>();
        model.logits(new int[] {1, 5, 280, 17, 3, 299, 42}, true, 2, logits::add);
        return logits.toArray(float[][]::new);
    }
}
