package org.flinkllama.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    Path directory;

    @Test
    void readsEveryKindOfMetadata() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata = open(GgufBytes.small(), arena).metadata();
            assertThat(metadata.keys())
                    .containsExactly(
                            "general.architecture", "llama.block_count", "eps", "flag", "tokens", "types", "scores");
            assertThat(metadata.string("general.architecture")).contains("llama");
            assertThat(metadata.count("llama.block_count")).contains(2);
            assertThat(metadata.decimal("eps")).contains((double) 1e-5f);
            assertThat(metadata.bool("flag")).contains(true);
            assertThat(metadata.strings("tokens").orElseThrow()).containsExactly("a", "é", "");
            assertThat(metadata.integers("types").orElseThrow()).containsExactly(-1, 7);
            assertThat(metadata.decimals("scores").orElseThrow()).containsExactly(0.5);
        }
    }

    @Test
    void readsIntegersOfEveryWidth() throws IOException {
        GgufBytes file = GgufBytes.header(2, 0, 8);
        file.key("u8", 0).raw(0xFF);
        file.key("i8", 1).raw(0xFF);
        file.key("u16", 2).raw(0xFE, 0xFF);
        file.key("i16", 3).raw(0xFE, 0xFF);
        file.key("u32", 4).int32(-1);
        file.key("i32", 5).int32(-1);
        file.key("u64", 10).int64(Long.MAX_VALUE);
        file.key("i64", 11).int64(Long.MIN_VALUE);
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata = open(file, arena).metadata();
            assertThat(metadata.keys().stream().map(key -> metadata.raw(key).orElseThrow()))
                    .containsExactly(255L, -1L, 65534L, -2L, 0xFFFF_FFFFL, -1L, Long.MAX_VALUE, Long.MIN_VALUE);
        }
    }

    @Test
    void slicesTensorsOutOfTheFile() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = open(GgufBytes.small(), arena);
            assertThat(file.tensors().keySet()).containsExactly("matrix", "vector");
            assertThat(file.bytes()).isEqualTo(GgufBytes.small().toArray().length);

            WeightMatrix matrix = file.matrix("matrix");
            assertThat(matrix.type()).isEqualTo(TensorType.Q8_0);
            assertThat(matrix.rows()).isEqualTo(2);
            assertThat(matrix.columns()).isEqualTo(32);
            assertThat(matrix.data().get(ValueLayout.JAVA_BYTE, 67)).isEqualTo((byte) 67);

            WeightMatrix vector = file.find("vector").orElseThrow();
            assertThat(vector.rows()).isEqualTo(1);
            assertThat(vector.data().toArray(HeaderCursor.INT))
                    .containsExactly(0x3F800000, 0x40000000, 0x40400000, 0x40800000);
        }
    }

    @Test
    void saysWhichTensorIsMissing() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = open(GgufBytes.small(), arena);
            assertThat(file.find("output.weight")).isEmpty();
            assertThatThrownBy(() -> file.matrix("output.weight"))
                    .isInstanceOf(GgufException.class)
                    .hasMessageContaining("'output.weight' is missing from model.gguf, which has 2 tensors");
        }
    }

    @Test
    void honoursTheFilesAlignment() throws IOException {
        GgufBytes file = GgufBytes.header(3, 1, 1);
        file.key("general.alignment", GgufBytes.UINT32).int32(256);
        file.tensor("t", 0, 0, 1).pad(256).float32(2.5f);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(open(file, arena).matrix("t").data().get(ValueLayout.JAVA_FLOAT, 0))
                    .isEqualTo(2.5f);
        }
    }

    @Test
    void treatsTrailingDimensionsOfOneAsAbsent() throws IOException {
        GgufBytes file =
                GgufBytes.header(3, 1, 0).tensor("t", 0, 0, 2, 3, 1, 1).pad(32).zeros(24);
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix matrix = open(file, arena).matrix("t");
            assertThat(matrix.rows()).isEqualTo(3);
            assertThat(matrix.columns()).isEqualTo(2);
        }
    }

    @Test
    void opensAFileWithoutTensorsThatEndsBeforeItsPadding() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(open(GgufBytes.header(3, 0, 0), arena).tensors()).isEmpty();
        }
    }

    @Test
    void leavesNothingMappedWhenItsArenaIsClosed() throws IOException {
        GgufFile file;
        try (Arena arena = Arena.ofConfined()) {
            file = open(GgufBytes.small(), arena);
        }
        assertThat(file.tensors().get("vector").data().scope().isAlive()).isFalse();
    }

    @Test
    void leavesAMissingFileToTheCaller() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> GgufFile.open(directory.resolve("absent.gguf"), arena))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void hashesAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("abc"), "abc", StandardCharsets.US_ASCII);
        assertThat(GgufFile.sha256(file)) // FIPS 180-2, appendix B.1
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    private GgufFile open(GgufBytes bytes, Arena arena) throws IOException {
        return GgufFile.open(Files.write(directory.resolve("model.gguf"), bytes.toArray()), arena);
    }
}
