package org.flinkllama.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.kernel.scalar.ScalarKernel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LlamaModelTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void givesTheBitsOfTheScalarKernelThroughAllLayers(TensorType type) throws IOException {
        try (LlamaModel model = LlamaModel.open(RandomModel.tiny(type).write(folder.resolve("tiny.gguf")))) {
            assertSameLogits(model);
        }
    }

    /// Query heads, key-value heads and their size: multi-head, grouped, one key-value head, sizes no vector divides.
    @ParameterizedTest
    @CsvSource({"4, 4, 16", "6, 2, 24", "3, 1, 40", "2, 1, 6", "1, 1, 130"})
    void computesHeadsOfEveryShape(int heads, int keyValueHeads, int headSize) throws IOException {
        LlamaShape shape = new LlamaShape(2, heads * headSize, 96, heads, keyValueHeads, headSize, 128, 1e-5f);
        Path file = new RandomModel(shape, 300)
                .type(TensorType.F32)
                .separateOutput()
                .write(folder.resolve("m.gguf"));
        try (LlamaModel model = LlamaModel.open(file)) {
            assertSameLogits(model);
        }
    }

    @Test
    void givesTheLogitsOfTheLastPositionAlone() throws IOException {
        try (LlamaModel model =
                LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")))) {
            List<float[]> every = new ArrayList<>();
            List<float[]> last = new ArrayList<>();
            model.logits(tokens(70), true, every::add);
            model.logits(tokens(70), false, last::add);
            assertThat(every).hasSize(70);
            assertThat(last).singleElement().isEqualTo(every.getLast());
            assertThatThrownBy(() -> model.logits(new int[] {300}, true, row -> {}))
                    .hasMessageContaining("Token id 300", "0 to 299");
            assertThatThrownBy(() -> model.logits(new int[257], true, row -> {}))
                    .hasMessageContaining("257 tokens");
        }
    }

    @Test
    void refusesWhatIsNoPlainLlamaWithASentence() {
        assertRefused(m -> m.metadata("general.architecture", "gemma"), "'gemma'; supported: llama");
        assertRefused(m -> m.metadata("llama.expert_count", 8L), "mixture of 8 experts");
        assertRefused(m -> m.withoutMetadata("llama.block_count"), "'llama.block_count' is missing");
        assertRefused(m -> m.metadata("llama.block_count", 3L), "blk.2.attn_norm.weight");
        assertRefused(m -> m.metadata("llama.block_count", 1L), "Tensor 'blk.1.", "not part of a plain Llama");
        assertRefused(m -> m.metadata("llama.block_count", 0L), "is 0; expected 1 to");
        assertRefused(m -> m.metadata("llama.block_count", 4_000_000_000L), "is 4000000000");
        assertRefused(m -> m.metadata("llama.embedding_length", 128L), "metadata asks for");
        assertRefused(m -> m.metadata("llama.attention.head_count", 3L), "3 query heads");
        assertRefused(m -> m.metadata("llama.attention.head_count", 0L), "is 0");
        assertRefused(m -> m.metadata("llama.attention.key_length", 7L), "heads of 7 dimensions");
        assertRefused(m -> m.metadata("llama.attention.value_length", 8L), "values of 8 dimensions");
        assertRefused(m -> m.metadata("llama.attention.layer_norm_rms_epsilon", Double.NaN), "epsilon of NaN");
        assertRefused(m -> m.metadata("llama.context_length", "long"), "'llama.context_length' is a String");
        assertRefused(m -> m.metadata("llama.rope.scaling.type", "longrope"), "'longrope'");
    }

    private void assertRefused(UnaryOperator<RandomModel> change, String... said) {
        assertThatThrownBy(() -> LlamaModel.open(
                        change.apply(RandomModel.tiny(TensorType.Q8_0)).write(folder.resolve("refused.gguf"))))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("refused.gguf")
                .hasMessageContainingAll(said);
    }

    @Test
    void unpacksTheBundledModelOnce() throws IOException {
        Path file = BundledModel.file();
        Object first = Files.getLastModifiedTime(file);
        assertThat(BundledModel.file()).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(first);
        try (LlamaModel model = LlamaModel.open(file)) {
            assertThat(model.name()).isEqualTo("flink-llama-starter");
            assertThat(model.sha256()).startsWith("d434b599").hasSize(64);
            assertThat(model.chatTemplate()).isPresent();
        }
    }

    private static void assertSameLogits(LlamaModel model) {
        int[] tokens = tokens(37);
        float[] expected = scalarLogits(model, tokens);
        List<float[]> found = new ArrayList<>();
        model.logits(tokens, false, found::add);
        assertThat(found.getFirst()).isEqualTo(expected);
        double spread = 0;
        for (float logit : expected) {
            assertThat(logit).isFinite();
            spread += Math.abs(logit);
        }
        assertThat(spread).isNotCloseTo(0, within(1e-3));
    }

    private static float[] scalarLogits(LlamaModel model, int[] tokens) {
        try (Decoder decoder = new LlamaDecoder(model, 1, 1, ScalarKernel::new)) {
            PageTable pages = new PageTable(new PagePool(decoder.cacheShape(), 3));
            pages.reserve(tokens.length);
            Batch batch = new Batch(1);
            float[] logits = {};
            for (int i = 0; i < tokens.length; i++) {
                batch.clear();
                batch.add(tokens[i], i, pages, i == tokens.length - 1);
                logits = decoder.decode(batch);
            }
            return logits.clone();
        }
    }

    private static int[] tokens(int count) {
        return new SplittableRandom(3).ints(count, 0, 300).toArray();
    }
}
