package org.flinkllama.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RandomModelFileTest {
    private final StringWriter progress = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void writesAModelOnceAndKeepsIt() throws Exception {
        RandomModelFile random = new RandomModelFile(ModelShape.STARTER, RandomType.of(TensorType.Q4_0), 1);
        Path file = random.in(folder.resolve("new/folder"), new PrintWriter(progress));
        assertThat(file).hasFileName("starter-q4_0-1.gguf");
        assertThat(progress.toString()).contains(file.toString());
        try (LlamaModel model = LlamaModel.open(file)) {
            assertThat(MeasuredModel.of(model).type()).isEqualTo(TensorType.Q4_0);
        }

        FileTime written = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, written);
        assertThat(random.in(file.getParent(), new PrintWriter(progress))).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        assertThat(progress.toString().lines()).hasSize(1);
    }

    @Test
    void mixesFourAndSixBitsAsQ4KMFilesDo() throws IOException {
        Path file = RandomType.named("q4_k_m")
                .orElseThrow()
                .applyTo(RandomModel.tiny(TensorType.Q4_K))
                .write(folder.resolve("mix.gguf"));
        try (LlamaModel model = LlamaModel.open(file)) {
            GgufFile tensors = model.file();
            assertThat(tensors.matrix("token_embd.weight").type()).isEqualTo(TensorType.Q6_K);
            assertThat(tensors.matrix("blk.0.attn_v.weight").type()).isEqualTo(TensorType.Q4_K);
            assertThat(tensors.matrix("blk.1.ffn_down.weight").type()).isEqualTo(TensorType.Q6_K);
            assertThat(tensors.matrix("blk.1.ffn_up.weight").type()).isEqualTo(TensorType.Q4_K);
        }
    }

    @Test
    void saysWhichTypesAShapeCanHaveAndLeavesNothingBehind() {
        RandomModelFile random = new RandomModelFile(ModelShape.SMOL135M, RandomType.of(TensorType.Q4_K), 1);
        assertThatThrownBy(() -> random.in(folder, new PrintWriter(progress)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Shape 'smol135m' can't be Q4_K")
                .hasMessageContaining("a multiple of 256")
                .hasMessageContaining("F32, F16, Q4_0");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(ModelShape.class)
    void everyShapeIsKnown(ModelShape shape) {
        assertThat(shape.randomModel()).isNotNull();
    }
}
