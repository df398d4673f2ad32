package org.flinkllama.model.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.gguf.GgufMetadata;
import org.flinkllama.model.llama.LlamaShape;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomModelTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void writesMatricesOfEveryType(TensorType type) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            LlamaShape shape = new LlamaShape(1, 256, 256, 4, 1, 64, 64, 1e-5f);
            GgufFile file = open(new RandomModel(shape, 288).type(type), arena);
            assertThat(file.tensors()).hasSize(2 + 9);
            assertThat(file.matrix("blk.0.ffn_down.weight").type()).isEqualTo(type);
            assertThat(file.matrix("output_norm.weight").type()).isEqualTo(TensorType.F32);
            assertThat(file.matrix("token_embd.weight").rows()).isEqualTo(288);
            assertThat(file.find("output.weight")).isEmpty();
        }
    }

    @Test
    void saysItsShapeInTheMetadata() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata =
                    open(RandomModel.tiny(TensorType.Q8_0), arena).metadata();
            assertThat(metadata.string("general.architecture")).contains("llama");
            assertThat(metadata.count("llama.block_count")).contains(2);
            assertThat(metadata.count("llama.embedding_length")).contains(64);
            assertThat(metadata.count("llama.attention.key_length")).contains(16);
            assertThat(metadata.decimal("llama.attention.layer_norm_rms_epsilon"))
                    .contains((double) 1e-5f);
            assertThat(metadata.strings("tokenizer.ggml.tokens").orElseThrow())
                    .hasSize(300)
                    .doesNotHaveDuplicates()
                    .startsWith("<unk>", "<s>", "</s>", "<|user|>", "<|assistant|>", "<|end|>", "<0x00>")
                    .contains("<0xFF>", "▁", "▁the", "e", "z");
        }
    }

    @Test
    void gives128256DifferentTokens() {
        assertThat((String[]) SyntheticVocabulary.metadata(128256).get("tokenizer.ggml.tokens"))
                .hasSize(128256)
                .doesNotHaveDuplicates();
    }

    @Test
    void drawsNormalWeightsOfTheRightSize() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = open(RandomModel.tiny(TensorType.F32), arena);
            float[] weights = values(file, "token_embd.weight");
            double mean = mean(weights, 1);
            assertThat(mean).isBetween(-0.005, 0.005);
            assertThat(Math.sqrt(mean(weights, 2))).isBetween(0.123, 0.127); // 1 / √64
            assertThat(mean(values(file, "output_norm.weight"), 1)).isBetween(0.95, 1.05);
        }
    }

    @Test
    void writesTheSameBytesForTheSameSeedOnly() throws IOException {
        byte[] first = bytes(RandomModel.tiny(TensorType.Q4_0));
        assertThat(bytes(RandomModel.tiny(TensorType.Q4_0))).isEqualTo(first);
        assertThat(bytes(RandomModel.tiny(TensorType.Q4_0).seed(2))).isNotEqualTo(first);
    }

    @Test
    void drawsTheSameWeightsWhateverStandsBesideThem() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            float[] alone = values(open(RandomModel.tiny(TensorType.F32), arena), "blk.1.attn_v.weight");
            RandomModel other = RandomModel.tiny(TensorType.F16)
                    .typeOf("attn_v", TensorType.F32)
                    .separateOutput();
            assertThat(values(open(other, arena), "blk.1.attn_v.weight")).containsExactly(alone);
            assertThat(values(open(other, arena), "blk.0.attn_v.weight")).isNotEqualTo(alone);
        }
    }

    @Test
    void takesWhatATestAsksFor() throws IOException {
        LlamaShape shape = new LlamaShape(1, 96, 160, 3, 1, 40, 64, 1e-6f);
        RandomModel model = new RandomModel(shape, 512)
                .type(TensorType.F16)
                .separateOutput()
                .rotaryFactors(1, 2, 4)
                .metadata("llama.rope.scaling.type", "yarn")
                .withoutMetadata("llama.rope.freq_base");
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = open(model, arena);
            assertThat(file.matrix("blk.0.attn_q.weight").rows()).isEqualTo(120);
            assertThat(file.matrix("blk.0.attn_output.weight").columns()).isEqualTo(120);
            assertThat(file.matrix("output.weight").rows()).isEqualTo(512);
            assertThat(values(file, "rope_freqs.weight")).containsExactly(1, 2, 4);
            assertThat(file.metadata().string("llama.rope.scaling.type")).contains("yarn");
            assertThat(file.metadata().decimal("llama.rope.freq_base")).isEmpty();
        }
    }

    @Test
    void knowsItsNames() {
        assertThat(RandomModel.names()).allMatch(name -> RandomModel.named(name).isPresent());
        assertThat(RandomModel.named("gpt-2")).isEmpty();
    }

    @Test
    void refusesRowsThatCutABlock() {
        RandomModel model = RandomModel.tiny(TensorType.Q8_0).type(TensorType.Q4_K);
        assertThatThrownBy(() -> bytes(model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'token_embd.weight' is planned as Q4_K [64, 300]");
    }

    private GgufFile open(RandomModel model, Arena arena) throws IOException {
        return GgufFile.open(model.write(Files.createTempFile(directory, "model", ".gguf")), arena);
    }

    private byte[] bytes(RandomModel model) throws IOException {
        return Files.readAllBytes(model.write(directory.resolve("model.gguf")));
    }

    private static float[] values(GgufFile file, String name) {
        int columns = file.matrix(name).columns();
        float[] values = new float[file.matrix(name).rows() * columns];
        for (int row = 0; row < file.matrix(name).rows(); row++) {
            RowDecoder.decode(file.matrix(name), row, values, row * columns);
        }
        return values;
    }

    private static double mean(float[] values, int power) {
        return IntStream.range(0, values.length)
                .mapToDouble(index -> Math.pow(values[index], power))
                .average()
                .orElseThrow();
    }
}
