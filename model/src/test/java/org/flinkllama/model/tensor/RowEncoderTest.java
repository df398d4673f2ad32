package org.flinkllama.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RowEncoderTest {
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"})
    void givesTheBytesOfTheReference(TensorType type) throws IOException {
        Map<String, byte[]> golden = golden();
        float[] values = MemorySegment.ofArray(golden.get("F32")).toArray(RowDecoder.FLOAT);
        assertThat(encode(type, values)).containsExactly(golden.get(type.name()));
    }

    /// Relative root mean square error of normal numbers, rounded up by a few hundredths.
    @ParameterizedTest
    @CsvSource({
        "F32, 0",
        "F16, 0.00022",
        "BF16, 0.0017",
        "Q8_0, 0.0056",
        "Q4_0, 0.089",
        "Q4_1, 0.081",
        "Q5_0, 0.044",
        "Q5_1, 0.039",
        "Q2_K, 0.28",
        "Q3_K, 0.15",
        "Q4_K, 0.074",
        "Q5_K, 0.037",
        "Q6_K, 0.018"
    })
    void staysCloseToNormalNumbers(TensorType type, double largestRelativeError) {
        float[] values = normal(8192, 0.05f);
        assertThat(relativeError(values, roundTrip(type, values))).isLessThanOrEqualTo(largestRelativeError);
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void staysCloseToSkewedNumbersOfManySizes(TensorType type) {
        for (float size = 1e-4f; size < 5e3f; size *= 10) {
            float[] values = normal(1024, size);
            for (int index = 0; index < values.length; index++) {
                values[index] = Math.abs(values[index]) * (index % 32 == 5 ? -1 : 1) * (1 + index / 256);
            }
            assertThat(relativeError(values, roundTrip(type, values))).isLessThan(0.3);
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void keepsZeros(TensorType type) {
        assertThat(roundTrip(type, new float[512]))
                .usingComparatorWithPrecision(0f)
                .containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void keepsEqualNumbers(TensorType type) {
        for (float number : new float[] {1, -1}) {
            float[] values = new float[256];
            Arrays.fill(values, number);
            float[] stored = roundTrip(type, values);
            assertThat(relativeError(values, stored)).isLessThan(0.01);
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void keepsTinyNumbersFinite(TensorType type) {
        for (float stored : roundTrip(type, normal(256, 1e-30f))) {
            assertThat(Math.abs(stored)).isLessThan(1e-6f);
        }
    }

    @Test
    void roundsTiesOfEightBitsAwayFromZero() {
        float[] values = new float[32];
        values[0] = 127;
        values[1] = 2.5f;
        values[2] = -2.5f;
        values[3] = 0.49999997f;
        assertThat(roundTrip(TensorType.Q8_0, values)).startsWith(127, 3, -3, 0);
    }

    @Test
    void refusesToCutABlock() {
        assertThatThrownBy(() -> encode(TensorType.Q4_K, new float[128]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("128 values cut a block of Q4_K; expected a multiple of 256");
    }

    private static Map<String, byte[]> golden() throws IOException {
        try (InputStream file = RowEncoderTest.class.getResourceAsStream("quantised.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(
                            parts -> parts[0], parts -> HexFormat.of().parseHex(parts[1])));
        }
    }

    private static byte[] encode(TensorType type, float[] values) {
        byte[] bytes = new byte[Math.toIntExact(type.rowBytes(values.length))];
        RowEncoder.encode(type, values, MemorySegment.ofArray(bytes));
        return bytes;
    }

    private static float[] roundTrip(TensorType type, float[] values) {
        float[] stored = new float[values.length];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, encode(type, values));
            RowDecoder.decode(new WeightMatrix("row", type, 1, values.length, data), 0, stored, 0);
        }
        return stored;
    }

    private static float[] normal(int count, float deviation) {
        SplittableRandom random = new SplittableRandom(7);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static double relativeError(float[] values, float[] stored) {
        double error = 0;
        double total = 0;
        for (int index = 0; index < values.length; index++) {
            error += Math.pow((double) stored[index] - values[index], 2);
            total += Math.pow(values[index], 2);
        }
        return Math.sqrt(error / total);
    }
}
