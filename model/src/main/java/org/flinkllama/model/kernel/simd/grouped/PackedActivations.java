package org.flinkllama.model.kernel.simd.grouped;

import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.Exponential;
import org.flinkllama.model.kernel.grouped.QuantisedBlock;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Quantised activations of some tokens in the order in which kernels read them. Tokens stand in sets of 8 or 2, or
/// one alone; a set has `[block][pair][token]` and `[block][token]` for what a lane starts at, as one
/// record of a block, and `[block][token]` scales and totals. A set may be larger than the tokens that are left;
/// the others are zero.
///
/// A pair is the activations that the two 16-bit lanes of a row multiply at a time: of columns c and c + 2. A lane
/// holds four quants w₀ + 16 w₁ + 256 w₂ + 4096 w₃, whose activations are x₀ … x₃. What is multiplied is the lane
/// itself and the lane without its last one, two and three quants, with x₀, x₁ − 16 x₀, x₂ − 16 x₁ and x₃ − 16 x₂:
/// the quants further left cancel out, so that no quant has to be masked.
final class PackedActivations {
    /// Tokens of a set at most.
    static final int LARGEST_SET = UnpackedTile.TOKENS;

    /// Tokens of the sets of the others, where there is more than one token.
    static final int SMALL_SET = 2;

    /// Numbers of a token's block: sixteen pairs, and what a lane starts at.
    static final int RECORD = 17;

    private static final int COLUMNS = QuantisedBlock.COLUMNS;
    private static final int HALF = COLUMNS / 2;
    private static final int MAGNITUDE = Integer.MAX_VALUE;
    private static final float ROUNDER = Exponential.ROUNDER;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private final int[] quants = new int[COLUMNS + Lanes.COUNT];
    private final int[] pairs = new int[COLUMNS + Lanes.COUNT];
    private final int[] differences = new int[COLUMNS + Lanes.COUNT];
    private float[] records = new float[0];
    private float[] scales = new float[0];
    private float[] totals = new float[0];
    private int blocks;

    // what stands here
    private Activations packed;
    private int packedFirst;
    private int packedCount;
    private int inLargestSets;

    /// Tokens of the set that begins with a token.
    private int set(int count, int token) {
        if (count == 1) {
            return 1;
        }
        return token < inLargestSets ? LARGEST_SET : SMALL_SET;
    }

    float[] records() {
        return records;
    }

    /// Of every block.
    float[] scales() {
        return scales;
    }

    /// Of every block, the sum of its quants times its scale.
    float[] totals() {
        return totals;
    }

    /// Where the records of a block begin, in the set that begins with a token.
    int record(int token, int block, int set) {
        return (token * blocks + block * set) * RECORD;
    }

    /// Where the scale of a token's block stands.
    int scale(int token, int block) {
        return token * blocks + block;
    }

    /// Whatever was packed has changed.
    void forget() {
        packed = null;
    }

    /// Quantises tokens `first … first + count`, if they don't stand here yet.
    ///
    /// @param tiled of these, the first ones, that stand in the largest sets; `count` or more where all do
    void pack(Activations in, int first, int count, int tiled) {
        if (packed == in && packedFirst == first && packedCount == count && inLargestSets == tiled) {
            return;
        }
        inLargestSets = tiled;
        packed = in;
        packedFirst = first;
        packedCount = count;
        blocks = in.width() / COLUMNS;
        int padded = 0;
        while (padded < count) {
            padded += set(count, padded);
        }
        int room = (padded + 1) * blocks;
        if (scales.length < room) {
            scales = new float[room];
            totals = new float[room];
            records = new float[room * RECORD];
        }
        for (int token = 0; token < count; token += set(count, token)) {
            int set = set(count, token);
            if (set > count - token) {
                Arrays.fill(records, record(token, 0, set), record(token, blocks, set), 0);
                Arrays.fill(scales, scale(count, 0), scale(token + set, 0), 0);
                Arrays.fill(totals, scale(count, 0), scale(token + set, 0), 0);
            }
            for (int t = 0; t < Math.min(set, count - token); t++) {
                int source = in.offset(first + token + t);
                for (int block = 0; block < blocks; block++) {
                    int scale = scale(token + t, block);
                    pack(in.values(), source + block * COLUMNS, record(token, block, set) + t, set, scale);
                }
            }
        }
        if (count == 1) {
            // The second block of a pair that has only one.
            Arrays.fill(records, record(0, blocks, 1), record(0, blocks + 1, 1), 0);
            scales[scale(0, blocks)] = 0;
        }
    }

    /// Quantises one block of one token.
    private void pack(float[] in, int source, int record, int set, int scale) {
        float magnitude = highest(in, source);
        quantise(in, source, QuantisedBlock.factor(magnitude));
        int sum = pairUp();
        for (int quarter = 0; quarter < 4; quarter++) {
            int target = record + 4 * quarter * set;
            int pair = 4 * quarter;
            records[target] = Float.intBitsToFloat(pairs[pair]);
            records[target + set] = Float.intBitsToFloat(differences[pair]);
            records[target + 2 * set] = Float.intBitsToFloat(differences[pair + HALF]);
            records[target + 3 * set] = Float.intBitsToFloat(differences[pair + 1]);
        }
        int odd = sum + 0x8000 >> 16;
        int even = (short) sum;
        records[record + 16 * set] = Float.intBitsToFloat(-8 * odd << 16 | -8 * even & 0xFFFF);
        scales[scale] = QuantisedBlock.scale(magnitude);
        totals[scale] = scales[scale] * (even + odd);
    }

    /// The largest magnitude of a block; NaN if there is one. Compares bits, which orders magnitudes, NaN above
    /// all.
    private static float highest(float[] in, int source) {
        IntVector largest =
                FloatVector.fromArray(FLOATS, in, source).reinterpretAsInts().and(MAGNITUDE);
        for (int column = Lanes.COUNT; column < COLUMNS; column += Lanes.COUNT) {
            largest = largest.max(FloatVector.fromArray(FLOATS, in, source + column)
                    .reinterpretAsInts()
                    .and(MAGNITUDE));
        }
        return Float.intBitsToFloat(largest.reduceLanes(VectorOperators.MAX));
    }

    private void quantise(float[] in, int source, float factor) {
        for (int column = 0; column < COLUMNS; column += Lanes.COUNT) {
            FloatVector.fromArray(FLOATS, in, source + column)
                    .mul(factor)
                    .add(ROUNDER)
                    .reinterpretAsInts()
                    .sub(ROUNDER_BITS)
                    .intoArray(quants, column);
        }
    }

    /// Stores column c and c + 2 as one int for every c, of which those of c mod 4 < 2 are of use, and the
    /// differences of x₁ − 16 x₀ and, a half further, x₂ − 16 x₁, where x₀ is c, x₁ is c + 16 and x₂ is c + 1.
    ///
    /// @return the sum of all such pairs, each as one number
    private int pairUp() {
        for (int column = 0; column < COLUMNS; column += Lanes.COUNT) {
            IntVector.fromArray(INTS, quants, column)
                    .and(0xFFFF)
                    .or(IntVector.fromArray(INTS, quants, column + 2).lanewise(VectorOperators.LSHL, 16))
                    .intoArray(pairs, column);
        }
        for (int column = 0; column < HALF; column += Lanes.COUNT) {
            subtract(column + HALF, column, column);
            subtract(column + 1, column + HALF, column + HALF);
        }
        int sum = 0;
        for (int pair = 0; pair < COLUMNS; pair += 4) {
            sum += signed(pairs[pair]) + signed(pairs[pair + 1]);
        }
        return sum;
    }

    /// Stores the pairs from `first` minus sixteen times those from `second`.
    private void subtract(int first, int second, int target) {
        ShortVector sixteenfold =
                IntVector.fromArray(INTS, pairs, second).reinterpretAsShorts().lanewise(VectorOperators.LSHL, 4);
        IntVector.fromArray(INTS, pairs, first)
                .reinterpretAsShorts()
                .sub(sixteenfold)
                .reinterpretAsInts()
                .intoArray(differences, target);
    }

    /// A pair as one number: the upper times 2¹⁶ plus the lower.
    private static int signed(int pair) {
        return (pair >> 16 << 16) + (short) pair;
    }
}
