package org.flinkllama.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
    private static final GgufMetadata EMPTY = new GgufMetadata(Map.of());

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("model.gguf");
    }

    @Test
    void writesEveryKindOfMetadata() throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("string", "é");
        values.put("true", true);
        values.put("false", false);
        for (long number : new long[] {0, 0xFFFF_FFFFL, -1, 1L << 32, Long.MIN_VALUE}) {
            values.put("integer " + number, number);
        }
        for (double number : new double[] {0.5, 0.1, Double.NaN, Double.NEGATIVE_INFINITY}) {
            values.put("decimal " + number, number);
        }
        values.put("strings", new String[] {"a", "", "▁the"});
        values.put("booleans", new boolean[] {true, false});
        values.put("integers", new long[] {-1, 5});
        values.put("unsigned integers", new long[] {1, 0xFFFF_FFFFL});
        values.put("long integers", new long[] {-1, 0xFFFF_FFFFL});
        values.put("decimals", new double[] {0.25, -3});
        values.put("exact decimals", new double[] {0.1, -3});
        values.put("nothing", new String[0]);
        write(new GgufMetadata(values), List.of());
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata read = GgufFile.open(file, arena).metadata();
            assertThat(read.keys()).containsExactlyElementsOf(values.keySet());
            values.forEach(
                    (key, value) -> assertThat(read.raw(key).orElseThrow()).isEqualTo(value));
        }
    }

    @Test
    void takesTheNumberTypesThatOtherReadersExpect() throws IOException {
        write(new GgufMetadata(Map.of("n", 7L)), List.of());
        assertThat(Files.readAllBytes(file)[24 + 8 + 1]).isEqualTo((byte) HeaderReader.UINT32);
        write(new GgufMetadata(Map.of("n", (double) 1e-5f)), List.of());
        assertThat(Files.readAllBytes(file)[24 + 8 + 1]).isEqualTo((byte) HeaderReader.FLOAT32);
        write(new GgufMetadata(Map.of("n", new long[] {1})), List.of());
        assertThat(Files.readAllBytes(file)[24 + 8 + 1 + 4]).isEqualTo((byte) HeaderReader.INT32);
    }

    @Test
    void writesTensorsInPieces() throws IOException {
        List<TensorPlan> plan = List.of(
                TensorPlan.vector("a", TensorType.F32, 3),
                TensorPlan.matrix("b", TensorType.Q8_0, 2, 32),
                new TensorPlan("c", TensorType.F16, List.of(2L, 1L, 2L)));
        try (GgufWriter writer = GgufWriter.create(file, EMPTY, plan)) {
            writer.write(new float[] {1});
            writer.write(new float[] {2, 3});
            float[] row = new float[32];
            row[0] = 127;
            writer.write(row);
            row[1] = -127;
            writer.write(row);
            writer.write(MemorySegment.ofArray(new byte[] {0, 0x3C, 0, 0x40, 0, 0x42, 0, 0x44}));
            writer.finish();
        }
        try (Arena arena = Arena.ofConfined()) {
            GgufFile read = GgufFile.open(file, arena);
            assertThat(read.tensors().keySet()).containsExactly("a", "b", "c");
            assertThat(read.tensors().get("c").dimensions()).containsExactly(2, 1, 2);
            assertThat(row(read, "a", 0)).containsExactly(1, 2, 3);
            assertThat(row(read, "b", 1)).startsWith(127, -127, 0);
            assertThat(read.tensors().get("c").data().get(ValueLayout.JAVA_BYTE, 7))
                    .isEqualTo((byte) 0x44);
            assertThat(read.bytes() % 32).isZero();
        }
    }

    @Test
    void honoursAnAlignmentOfTheMetadata() throws IOException {
        GgufMetadata metadata = new GgufMetadata(Map.of("general.alignment", 512L));
        try (GgufWriter writer =
                GgufWriter.create(file, metadata, List.of(TensorPlan.vector("a", TensorType.F32, 2)))) {
            writer.write(new float[] {4, 5});
            writer.finish();
        }
        try (Arena arena = Arena.ofConfined()) {
            GgufFile read = GgufFile.open(file, arena);
            assertThat(read.bytes()).isEqualTo(1024);
            assertThat(row(read, "a", 0)).containsExactly(4, 5);
        }
    }

    @Test
    void leavesNoFileWhenItIsClosedUnfinished() throws IOException {
        List<TensorPlan> plan = List.of(TensorPlan.vector("a", TensorType.F32, 2));
        try (GgufWriter writer = GgufWriter.create(file, EMPTY, plan)) {
            writer.write(new float[] {1});
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Tensor 'a'")
                    .hasMessageContaining("lacks 4 of its 8 bytes");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesMoreThanATensorHolds() throws IOException {
        List<TensorPlan> plan = List.of(TensorPlan.vector("a", TensorType.F32, 2));
        try (GgufWriter writer = GgufWriter.create(file, EMPTY, plan)) {
            assertThatThrownBy(() -> writer.write(new float[3]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Got 12 bytes for tensor 'a', which lacks 8");
            writer.write(new float[2]);
            assertThatThrownBy(() -> writer.write(new float[1])).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesToPlanRowsThatCutABlock() {
        assertThatThrownBy(() -> TensorPlan.matrix("a", TensorType.Q4_K, 2, 128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' is planned as Q4_K [128, 2]");
    }

    private void write(GgufMetadata metadata, List<TensorPlan> tensors) throws IOException {
        try (GgufWriter writer = GgufWriter.create(file, metadata, tensors)) {
            writer.finish();
        }
    }

    private static float[] row(GgufFile file, String name, int row) {
        float[] values = new float[file.matrix(name).columns()];
        RowDecoder.decode(file.matrix(name), row, values, 0);
        return values;
    }
}
