package org.flinkllama.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.scalar.ScalarKernel;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A cache of either type gives one result, and the two results are close.
class CacheTypeTest {
    private static final int[] TOKENS = new SplittableRandom(5).ints(70, 0, 300).toArray();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void givesTheSameBitsInEveryChunkingAndFromTheSpecification(CacheType type) throws IOException {
        try (LlamaModel model = model()) {
            float[] specified = logits(model, ScalarKernel::new, 1, type);
            assertThat(logits(model, SimdKernel::new, 1, type)).isEqualTo(specified);
            assertThat(logits(model, SimdKernel::new, 9, type)).isEqualTo(specified);
            assertThat(logits(model, SimdKernel::new, 70, type)).isEqualTo(specified);
        }
    }

    @Test
    void isCloseToF32InF16() throws IOException {
        try (LlamaModel model = model()) {
            float[] exact = logits(model, SimdKernel::new, 70, CacheType.F32);
            float[] rounded = logits(model, SimdKernel::new, 70, CacheType.F16);
            double difference = 0;
            double size = 0;
            for (int i = 0; i < exact.length; i++) {
                difference += Math.pow(exact[i] - rounded[i], 2);
                size += Math.pow(exact[i], 2);
            }
            assertThat(Math.sqrt(difference / size)).isPositive().isLessThan(1e-3);
        }
    }

    @Test
    void isNamedInOptions() {
        assertThat(CacheType.named("f16")).isEqualTo(CacheType.F16);
        assertThatThrownBy(() -> CacheType.named("q8"))
                .hasMessage("Option 'cache-type' is 'q8'; expected one of [f32, f16].");
    }

    private LlamaModel model() throws IOException {
        return LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")));
    }

    /// Logits of the last token, computed in chunks.
    private static float[] logits(LlamaModel model, Supplier<Kernel> kernels, int chunk, CacheType type) {
        try (Decoder decoder = new LlamaDecoder(model, chunk, 2, kernels)) {
            PageTable pages = new PageTable(new PagePool(decoder.cacheShape(), type, 5));
            pages.reserve(TOKENS.length);
            Batch batch = new Batch(chunk);
            float[] logits = {};
            for (int start = 0; start < TOKENS.length; start += chunk) {
                batch.clear();
                for (int i = start; i < Math.min(start + chunk, TOKENS.length); i++) {
                    batch.add(TOKENS[i], i, pages, i == TOKENS.length - 1);
                }
                logits = decoder.decode(batch);
            }
            return logits.clone();
        }
    }
}
