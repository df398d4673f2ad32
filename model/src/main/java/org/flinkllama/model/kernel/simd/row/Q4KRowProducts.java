package org.flinkllama.model.kernel.simd.row;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Q4_K rows × one token, on vectors of sixteen. The sixteen values that a sub-block can have are one vector, from
/// which its quants select. One loop runs over the 32-byte pairs of sub-blocks of whole rows: loops within a
/// super-block would be too short to pay for their entry.
final class Q4KRowProducts {
    private static final int BLOCK_BYTES = TensorType.Q4_K.blockBytes();
    private static final int PAIR_COLUMNS = 64;
    private static final int PAIRS = 4;
    private static final FloatVector QUANTS = FloatVector.zero(Lanes.FLOATS).addIndex(1);

    private Q4KRowProducts() {}

    /// Stores the sixteen partial sums of each of four rows in `sums` from `sum`.
    static void fourRows(WeightMatrix weights, int row, int distance, float[] in, float[] sums, int sum) {
        twoRows(weights, row, distance, in, sums, sum);
        twoRows(weights, row + 2 * distance, distance, in, sums, sum + 2 * PARTIAL_SUMS);
    }

    private static void twoRows(WeightMatrix weights, int row, int distance, float[] in, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long block0 = row * weights.rowBytes() - BLOCK_BYTES;
        long block1 = block0 + distance * weights.rowBytes();
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        float scale0 = 0;
        float scale1 = 0;
        float minimumScale0 = 0;
        float minimumScale1 = 0;
        long scales0 = 0;
        long scales1 = 0;
        long minimums0 = 0;
        long minimums1 = 0;
        for (int pair = 0; pair < weights.columns() / PAIR_COLUMNS; pair++) {
            if (pair % PAIRS == 0) {
                block0 += BLOCK_BYTES;
                scale0 = Quants.f16(data, block0);
                minimumScale0 = Quants.f16(data, block0 + 2);
                scales0 = Quants.scalesOfEight(data, block0 + 4);
                minimums0 = Quants.minimumsOfEight(data, block0 + 4);
                block1 += BLOCK_BYTES;
                scale1 = Quants.f16(data, block1);
                minimumScale1 = Quants.f16(data, block1 + 2);
                scales1 = Quants.scalesOfEight(data, block1 + 4);
                minimums1 = Quants.minimumsOfEight(data, block1 + 4);
            }
            long at = 16 + 32 * (pair % PAIRS);
            FloatVector x0 = FloatVector.fromArray(Lanes.FLOATS, in, pair * PAIR_COLUMNS);
            FloatVector x1 = FloatVector.fromArray(Lanes.FLOATS, in, pair * PAIR_COLUMNS + 16);
            FloatVector x2 = FloatVector.fromArray(Lanes.FLOATS, in, pair * PAIR_COLUMNS + 32);
            FloatVector x3 = FloatVector.fromArray(Lanes.FLOATS, in, pair * PAIR_COLUMNS + 48);
            IntVector low = QUANTS.mul(scale0 * (int) (scales0 & 63))
                    .sub(minimumScale0 * (int) (minimums0 & 63))
                    .reinterpretAsInts();
            IntVector high = QUANTS.mul(scale0 * (int) (scales0 >>> 8 & 63))
                    .sub(minimumScale0 * (int) (minimums0 >>> 8 & 63))
                    .reinterpretAsInts();
            scales0 >>>= 16;
            minimums0 >>>= 16;
            IntVector first = (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block0 + at, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            IntVector second =
                    (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block0 + at + 16, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            sum0 = first.and(15).selectFrom(low).reinterpretAsFloats().fma(x0, sum0);
            sum0 = second.and(15).selectFrom(low).reinterpretAsFloats().fma(x1, sum0);
            sum0 = first.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(high)
                    .reinterpretAsFloats()
                    .fma(x2, sum0);
            sum0 = second.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(high)
                    .reinterpretAsFloats()
                    .fma(x3, sum0);
            low = QUANTS.mul(scale1 * (int) (scales1 & 63))
                    .sub(minimumScale1 * (int) (minimums1 & 63))
                    .reinterpretAsInts();
            high = QUANTS.mul(scale1 * (int) (scales1 >>> 8 & 63))
                    .sub(minimumScale1 * (int) (minimums1 >>> 8 & 63))
                    .reinterpretAsInts();
            scales1 >>>= 16;
            minimums1 >>>= 16;
            first = (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block1 + at, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            second = (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block1 + at + 16, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            sum1 = first.and(15).selectFrom(low).reinterpretAsFloats().fma(x0, sum1);
            sum1 = second.and(15).selectFrom(low).reinterpretAsFloats().fma(x1, sum1);
            sum1 = first.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(high)
                    .reinterpretAsFloats()
                    .fma(x2, sum1);
            sum1 = second.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(high)
                    .reinterpretAsFloats()
                    .fma(x3, sum1);
        }
        sum0.intoArray(sums, sum);
        sum1.intoArray(sums, sum + PARTIAL_SUMS);
    }
}
