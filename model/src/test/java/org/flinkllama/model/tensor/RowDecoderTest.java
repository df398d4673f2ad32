package org.flinkllama.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowDecoderTest {
    /// One line of blocks.txt, which blocks.py beside it printed.
    record GoldenBlock(TensorType type, byte[] block, float[] values) {
        static GoldenBlock parse(String line) {
            String[] parts = line.split(" ");
            byte[] bytes = HexFormat.of().parseHex(parts[2]);
            return new GoldenBlock(
                    TensorType.valueOf(parts[0]),
                    HexFormat.of().parseHex(parts[1]),
                    MemorySegment.ofArray(bytes).toArray(RowDecoder.FLOAT));
        }

        @Override
        public String toString() {
            return type.toString();
        }
    }

    static Stream<GoldenBlock> goldenBlocks() throws IOException {
        try (InputStream file = RowDecoderTest.class.getResourceAsStream("blocks.txt")) {
            List<String> lines = new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            return lines.stream().map(GoldenBlock::parse);
        }
    }

    @ParameterizedTest
    @MethodSource("goldenBlocks")
    void decodesBlocksToTheSameBitsAsAnIndependentImplementation(GoldenBlock golden) {
        int columns = golden.type().blockElements();
        float[] out = new float[columns];
        try (Arena arena = Arena.ofConfined()) {
            RowDecoder.decode(weights(golden.type(), 1, columns, golden.block(), arena), 0, out, 0);
        }
        assertThat(bits(out)).containsExactly(bits(golden.values()));
    }

    @Test
    void hasGoldenBlocksOfEveryTypeWithBlocks() throws IOException {
        assertThat(goldenBlocks().map(GoldenBlock::type).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(TensorType.values())
                        .filter(type -> type.blockElements() > 1)
                        .toList());
    }

    @Test
    void decodesHalfPrecisionExactly() {
        float[] out = decode(TensorType.F16, 0x00, 0x3C, 0x01, 0x00, 0x00, 0x80, 0x00, 0x7C, 0xFF, 0xFB);
        assertThat(out).containsExactly(1f, 0x1p-24f, -0f, Float.POSITIVE_INFINITY, -65504f);
        assertThat(Float.floatToRawIntBits(out[2])).isEqualTo(0x8000_0000);
    }

    @Test
    void decodesBfloatExactly() {
        assertThat(decode(TensorType.BF16, 0x80, 0x3F, 0x01, 0x00, 0x80, 0xFF))
                .containsExactly(1f, 0x1p-133f, Float.NEGATIVE_INFINITY);
    }

    @Test
    void decodesFloatsAsTheyAre() {
        assertThat(decode(TensorType.F32, 0x00, 0x00, 0x80, 0x3F, 0x01, 0x00, 0x00, 0x00))
                .containsExactly(1f, Float.MIN_VALUE);
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void decodesRangesOfARowAsItDecodesTheRow(TensorType type) {
        int block = type.blockElements();
        int columns = 4 * block;
        byte[] bytes = new byte[Math.toIntExact(3 * type.rowBytes(columns))];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) (index * 37 % 59); // scales stay finite numbers
        }
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = weights(type, 3, columns, bytes, arena);
            float[] row = new float[columns];
            RowDecoder.decode(weights, 1, row, 0);
            float[] range = new float[2 * block + 7];
            RowDecoder.decode(weights, 1, block, 2 * block, range, 5);
            assertThat(bits(Arrays.copyOfRange(range, 5, 5 + 2 * block)))
                    .containsExactly(bits(Arrays.copyOfRange(row, block, 3 * block)));
            assertThat(range).startsWith(0, 0, 0, 0, 0).endsWith(0, 0);
            assertThat(row).doesNotContain(Float.NaN).isNotEqualTo(new float[columns]);
        }
    }

    @Test
    void refusesARangeThatCutsABlock() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = weights(TensorType.Q8_0, 1, 64, new byte[68], arena);
            assertThatThrownBy(() -> RowDecoder.decode(weights, 0, 16, 32, new float[64], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Columns 16 to 48 of tensor 'weights' cut a block");
        }
    }

    @Test
    void staysInsideTheMatrixAndTheArray() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = weights(TensorType.Q8_0, 2, 32, new byte[68], arena);
            assertThatThrownBy(() -> RowDecoder.decode(weights, 2, new float[32], 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> RowDecoder.decode(weights, 1, 32, 32, new float[64], 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> RowDecoder.decode(weights, 1, new float[32], 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private static float[] decode(TensorType type, int... bytes) {
        byte[] stored = new byte[bytes.length];
        for (int index = 0; index < bytes.length; index++) {
            stored[index] = (byte) bytes[index];
        }
        int columns = bytes.length / type.blockBytes();
        float[] out = new float[columns];
        try (Arena arena = Arena.ofConfined()) {
            RowDecoder.decode(weights(type, 1, columns, stored, arena), 0, out, 0);
        }
        return out;
    }

    private static WeightMatrix weights(TensorType type, int rows, int columns, byte[] bytes, Arena arena) {
        MemorySegment data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
        return new WeightMatrix("weights", type, rows, columns, data);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int index = 0; index < values.length; index++) {
            bits[index] = Float.floatToRawIntBits(values[index]);
        }
        return bits;
    }
}
