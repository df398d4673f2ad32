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

/// Q4_0 rows × one token, on vectors of sixteen: 2 bytes of f16 scale, then 16 bytes of quants. The sixteen values
/// that a block can have are one vector, from which the quants select.
final class Q4RowProducts {
    private static final int BLOCK_COLUMNS = 32;
    private static final int BLOCK_BYTES = TensorType.Q4_0.blockBytes();
    private static final FloatVector QUANTS =
            FloatVector.zero(Lanes.FLOATS).addIndex(1).sub(8f);

    private Q4RowProducts() {}

    /// Stores the sixteen partial sums of each of four rows in `sums` from `sum`.
    static void fourRows(WeightMatrix weights, int row, int distance, float[] in, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long stride = distance * weights.rowBytes();
        long row0 = row * weights.rowBytes();
        long row1 = row0 + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int block = 0; block < weights.columns() / BLOCK_COLUMNS; block++) {
            long at = (long) block * BLOCK_BYTES;
            FloatVector low = FloatVector.fromArray(Lanes.FLOATS, in, block * BLOCK_COLUMNS);
            FloatVector high = FloatVector.fromArray(Lanes.FLOATS, in, block * BLOCK_COLUMNS + PARTIAL_SUMS);
            IntVector values = QUANTS.mul(Float.float16ToFloat(data.get(Quants.SHORT, row0 + at)))
                    .reinterpretAsInts();
            IntVector quants =
                    (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, row0 + at + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            sum0 = quants.and(15).selectFrom(values).reinterpretAsFloats().fma(low, sum0);
            sum0 = quants.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(values)
                    .reinterpretAsFloats()
                    .fma(high, sum0);
            values = QUANTS.mul(Float.float16ToFloat(data.get(Quants.SHORT, row1 + at)))
                    .reinterpretAsInts();
            quants = (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, row1 + at + 2, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            sum1 = quants.and(15).selectFrom(values).reinterpretAsFloats().fma(low, sum1);
            sum1 = quants.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(values)
                    .reinterpretAsFloats()
                    .fma(high, sum1);
            values = QUANTS.mul(Float.float16ToFloat(data.get(Quants.SHORT, row2 + at)))
                    .reinterpretAsInts();
            quants = (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, row2 + at + 2, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            sum2 = quants.and(15).selectFrom(values).reinterpretAsFloats().fma(low, sum2);
            sum2 = quants.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(values)
                    .reinterpretAsFloats()
                    .fma(high, sum2);
            values = QUANTS.mul(Float.float16ToFloat(data.get(Quants.SHORT, row3 + at)))
                    .reinterpretAsInts();
            quants = (IntVector) ByteVector.fromMemorySegment(Quants.BYTES, data, row3 + at + 2, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
            sum3 = quants.and(15).selectFrom(values).reinterpretAsFloats().fma(low, sum3);
            sum3 = quants.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(values)
                    .reinterpretAsFloats()
                    .fma(high, sum3);
        }
        sum0.intoArray(sums, sum);
        sum1.intoArray(sums, sum + PARTIAL_SUMS);
        sum2.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        sum3.intoArray(sums, sum + 3 * PARTIAL_SUMS);
    }
}
