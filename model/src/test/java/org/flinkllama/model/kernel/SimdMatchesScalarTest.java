package org.flinkllama.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.kernel.grouped.Repacking;
import org.flinkllama.model.kernel.scalar.ScalarKernel;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The fast kernel gives the bits of the specification, at sizes that divide no vector too.
class SimdMatchesScalarTest {
    private final SplittableRandom random = new SplittableRandom(42);
    private final Kernel scalar = new ScalarKernel();
    private final Kernel simd = new SimdKernel();

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void multipliesToTheSameBitsAtEveryBatchSize(TensorType type) {
        try (Arena arena = Arena.ofConfined()) {
            multipliesToTheSameBits(weights(arena, type, 3, 256), 3, 0, 3);
            WeightMatrix weights = weights(arena, type, 23, 512);
            for (int tokens : new int[] {1, 2, 3, 4, 5, 8, 13, 17}) {
                multipliesToTheSameBits(weights, tokens, 0, 23);
                multipliesToTheSameBits(weights, tokens, 4, 21);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_K", "Q8_0", "Q6_K"})
    void multipliesRepackedWeightsToTheSameBits(TensorType type) {
        try (Arena arena = Arena.ofConfined()) {
            for (int columns : new int[] {256, 768}) {
                WeightMatrix weights = Repacking.pack(weights(arena, type, 75, columns), arena);
                for (int tokens : new int[] {1, 2, 5, 8, 19}) {
                    multipliesToTheSameBits(weights, tokens, 0, 75);
                    multipliesToTheSameBits(weights, tokens, 16, 48);
                }
            }
        }
    }

    @Test
    void multipliesRowsOfBlocksThatFillNoChunk() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = Repacking.pack(weights(arena, TensorType.Q4_0, 33, 32 * 19), arena);
            multipliesToTheSameBits(weights, 1, 0, 33);
            multipliesToTheSameBits(weights, 11, 0, 33);
        }
    }

    @Test
    void multipliesAgainByWhatTheLastProductPrepared() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix first = weights(arena, TensorType.Q4_0, 16, 64);
            WeightMatrix plain = weights(arena, TensorType.F32, 16, 64);
            Activations in = activations(3, 64);
            Activations expected = activations(3, 16);
            Activations found = activations(3, 16);
            simd.multiply(first, 0, 16, in, found);
            System.arraycopy(numbers(64, 1), 0, in.values(), 0, 64);
            simd.multiply(plain, 0, 16, in, found);
            simd.multiplyAgain(first, 0, 16, in, found);
            scalar.multiply(first, 0, 16, in, expected);
            assertSameBits(found.values(), expected.values());
            simd.multiplyAgain(first, 0, 16, in, found);
            assertSameBits(found.values(), expected.values());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void makesEveryIntegerProductOfANumberThatIsNotFiniteNaN(float number) {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = weights(arena, TensorType.Q4_0, 16, 96);
            Activations in = activations(2, 96);
            in.values()[96 + 40] = number;
            for (Kernel kernel : new Kernel[] {scalar, simd}) {
                Activations out = activations(2, 16);
                kernel.multiply(weights, 0, 16, in, out);
                for (int row = 0; row < 16; row++) {
                    assertThat(out.values()[row]).isFinite();
                    assertThat(out.values()[16 + row]).isNaN();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 6", "5, 48", "9, 172", "16, 290"})
    void multipliesRowsThatDivideNoVector(int rows, int columns) {
        try (Arena arena = Arena.ofConfined()) {
            for (TensorType type : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.BF16}) {
                WeightMatrix weights = weights(arena, type, rows, columns);
                multipliesToTheSameBits(weights, 1, 0, rows);
                multipliesToTheSameBits(weights, 6, 0, rows);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F16, 0x7C00, 0x0001, 0xFC00", "BF16, 0x7F80, 0x0001, 0xFF80"})
    void multipliesInfiniteAndSubnormalNumbers(TensorType type, String infinite, String smallest, String negative) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(4 * type.rowBytes(32), 64);
            int row = 32;
            data.setAtIndex(ValueLayout.JAVA_SHORT, 3, Integer.decode(infinite).shortValue());
            data.setAtIndex(
                    ValueLayout.JAVA_SHORT, row + 5, Integer.decode(smallest).shortValue());
            data.setAtIndex(ValueLayout.JAVA_SHORT, row + 21, (short) -0x8000);
            data.setAtIndex(
                    ValueLayout.JAVA_SHORT,
                    2 * row + 16,
                    Integer.decode(negative).shortValue());
            WeightMatrix weights = new WeightMatrix("extreme", type, 4, 32, data);
            for (int tokens : new int[] {1, 2, 4, 40}) {
                multipliesToTheSameBits(weights, tokens, 0, 4);
            }
        }
    }

    private void multipliesToTheSameBits(WeightMatrix weights, int tokens, int firstRow, int endRow) {
        Activations in = activations(tokens, weights.columns());
        Activations expected = activations(tokens, weights.rows());
        Activations found = new Activations(tokens, weights.rows());
        found.use(tokens);
        System.arraycopy(expected.values(), 0, found.values(), 0, found.values().length);
        scalar.multiply(weights, firstRow, endRow, in, expected);
        simd.multiply(weights, firstRow, endRow, in, found);
        assertSameBits(found.values(), expected.values());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 15, 16, 17, 64, 100, 2048})
    void normalisesToTheSameBits(int width) {
        Activations in = activations(2, width);
        float[] scale = numbers(width, 1);
        Activations expected = activations(2, width);
        Activations found = activations(2, width);
        scalar.normalise(in, 1, scale, 1e-5f, expected);
        simd.normalise(in, 1, scale, 1e-5f, found);
        assertSameBits(slice(found, 1), slice(expected, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37, 384})
    void gatesToTheSameBits(int width) {
        Activations expected = activations(1, width);
        for (int i = 0; i < width; i++) {
            expected.values()[i] *= 40;
        }
        Activations found = new Activations(1, width);
        found.use(1);
        System.arraycopy(expected.values(), 0, found.values(), 0, width);
        Activations up = activations(1, width);
        scalar.gate(expected, up, 0, 0, width);
        simd.gate(found, up, 0, 0, width);
        assertSameBits(found.values(), expected.values());
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "8, 16", "24, 17", "32, 100", "64, 33", "80, 250", "128, 47", "6, 31", "16, 64"})
    void attendsToTheSameBits(int headSize, int positions) {
        for (CacheType type : CacheType.values()) {
            for (int tokens : new int[] {1, 2, 3, 7}) {
                HeadSlice head = new HeadSlice(1, 1, 3, headSize);
                TokenRun run = run(type, head, positions, tokens);
                attendsToTheSameBits(head, run, 1, 0, 1);
                attendsToTheSameBits(head, run, 3, 0, 3);
                attendsToTheSameBits(head, run, 4, 1, 3);
                attendsToTheSameBits(head, run, 4, 0, 4);
            }
        }
    }

    /// Tokens 1 and following of a step, at the last positions, before numbers that nobody may read.
    private TokenRun run(CacheType type, HeadSlice head, int positions, int tokens) {
        CachePage[] pages = new CachePage[(positions + tokens) / 16 + 2];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = type.newPage(2, 3 * 32 * head.headSize());
            for (int position = 0; position < 16; position++) {
                boolean read = page * 16 + position < positions + tokens - 1;
                float[] keys = read ? numbers(head.headSize(), 2) : nans(head.headSize());
                float[] values = read ? numbers(head.headSize(), 1) : nans(head.headSize());
                pages[page].write(head, position, keys, values, 0);
            }
        }
        TokenRun run = new TokenRun();
        run.begin(pages, 1, positions - 1);
        for (int token = 1; token < tokens; token++) {
            run.extend();
        }
        return run;
    }

    private static float[] nans(int count) {
        float[] nans = new float[count];
        Arrays.fill(nans, Float.NaN);
        return nans;
    }

    private void attendsToTheSameBits(HeadSlice head, TokenRun run, int group, int first, int end) {
        Activations expected = activations(run.tokens() + 2, 3 * group * head.headSize());
        Activations found = new Activations(run.tokens() + 2, expected.width());
        System.arraycopy(expected.values(), 0, found.values(), 0, expected.values().length);
        scalar.attend(head, run, expected, first, end);
        simd.attend(head, run, found, first, end);
        assertSameBits(found.values(), expected.values());
        assertThat(found.values()).doesNotContain(Float.NaN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 300, 4096})
    void sumsExponentialsToTheSameBits(int count) {
        float[] values = numbers(count + 5, 20);
        float expected = scalar.logSumExp(values, 5, count);
        assertThat(Float.floatToRawIntBits(simd.logSumExp(values, 5, count)))
                .isEqualTo(Float.floatToRawIntBits(expected));
        values[5] = Float.NaN;
        assertThat(simd.logSumExp(values, 5, count)).isNaN();
        assertThat(scalar.logSumExp(values, 5, count)).isNaN();
    }

    @Test
    void exponentialIsWithinTwoUnitsInTheLastPlace() {
        for (float x = -87; x < 88; x += 0.0137f) {
            float expected = (float) StrictMath.exp(x);
            assertThat(Exponential.of(x))
                    .isCloseTo(expected, org.assertj.core.data.Offset.offset(2 * Math.ulp(expected)));
        }
        assertThat(Exponential.of(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(Exponential.of(0)).isOne();
        assertThat(Exponential.of(Float.NaN)).isNaN();
    }

    private WeightMatrix weights(Arena arena, TensorType type, int rows, int columns) {
        MemorySegment data = arena.allocate(rows * type.rowBytes(columns), 64);
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        tameScales(type, data);
        return new WeightMatrix("random", type, rows, columns, data);
    }

    /// Random bits would make scales infinite: clears the topmost exponent bit of every f16 and like number.
    private static void tameScales(TensorType type, MemorySegment data) {
        int[] scales =
                switch (type) {
                    case F32 -> new int[] {3};
                    case F16, BF16 -> new int[] {1};
                    case Q4_0, Q5_0, Q8_0 -> new int[] {1};
                    case Q4_1, Q5_1 -> new int[] {1, 3};
                    case Q2_K -> new int[] {81, 83};
                    case Q3_K -> new int[] {109};
                    case Q4_K, Q5_K -> new int[] {1, 3};
                    case Q6_K -> new int[] {209};
                };
        for (long block = 0; block < data.byteSize(); block += type.blockBytes()) {
            for (int scale : scales) {
                byte high = data.get(ValueLayout.JAVA_BYTE, block + scale);
                data.set(ValueLayout.JAVA_BYTE, block + scale, (byte) (high & 0xBF));
            }
        }
    }

    private Activations activations(int tokens, int width) {
        Activations activations = new Activations(tokens, width);
        activations.use(tokens);
        System.arraycopy(numbers(tokens * width, 1), 0, activations.values(), 0, tokens * width);
        return activations;
    }

    private float[] numbers(int count, float size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = size * (float) (random.nextDouble() * 2 - 1);
        }
        return numbers;
    }

    private static float[] slice(Activations activations, int token) {
        return Arrays.copyOfRange(activations.values(), activations.offset(token), activations.offset(token + 1));
    }

    private static void assertSameBits(float[] found, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(Float.floatToRawIntBits(found[i]))
                    .as("number %d: %s, specified %s", i, found[i], expected[i])
                    .isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }
}
