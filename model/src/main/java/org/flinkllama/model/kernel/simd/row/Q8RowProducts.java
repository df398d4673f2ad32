package org.flinkllama.model.kernel.simd.row;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Q8_0 rows × one token: 2 bytes of f16 scale, then 32 signed bytes.
final class Q8RowProducts {
    private static final int BLOCK_COLUMNS = 32;
    private static final int BLOCK_BYTES = TensorType.Q8_0.blockBytes();

    private Q8RowProducts() {}

    /// Stores the sixteen partial sums of each of four rows in `sums` from `sum`.
    static void fourRows(WeightMatrix weights, int row, int distance, float[] in, float[] sums, int sum) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            part(weights, row, distance, part, in, sums, sum + part);
        }
    }

    private static void part(WeightMatrix weights, int row, int distance, int part, float[] in, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long stride = distance * weights.rowBytes();
        long row0 = row * weights.rowBytes() + part;
        long row1 = row0 + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int block = 0; block < weights.columns() / BLOCK_COLUMNS; block++) {
            long at = (long) block * BLOCK_BYTES;
            FloatVector low = FloatVector.fromArray(Lanes.FLOATS, in, block * BLOCK_COLUMNS + part);
            FloatVector high = FloatVector.fromArray(Lanes.FLOATS, in, block * BLOCK_COLUMNS + part + PARTIAL_SUMS);
            float scale = Float.float16ToFloat(data.get(Quants.SHORT, row0 + at - part));
            ByteVector quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row0 + at + 2, LITTLE_ENDIAN);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum0);
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row0 + at + 18, LITTLE_ENDIAN);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum0);
            scale = Float.float16ToFloat(data.get(Quants.SHORT, row1 + at - part));
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row1 + at + 2, LITTLE_ENDIAN);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum1);
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row1 + at + 18, LITTLE_ENDIAN);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum1);
            scale = Float.float16ToFloat(data.get(Quants.SHORT, row2 + at - part));
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row2 + at + 2, LITTLE_ENDIAN);
            sum2 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum2);
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row2 + at + 18, LITTLE_ENDIAN);
            sum2 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum2);
            scale = Float.float16ToFloat(data.get(Quants.SHORT, row3 + at - part));
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row3 + at + 2, LITTLE_ENDIAN);
            sum3 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum3);
            quants = ByteVector.fromMemorySegment(Quants.BYTES, data, row3 + at + 18, LITTLE_ENDIAN);
            sum3 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum3);
        }
        sum0.intoArray(sums, sum);
        sum1.intoArray(sums, sum + PARTIAL_SUMS);
        sum2.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        sum3.intoArray(sums, sum + 3 * PARTIAL_SUMS);
    }
}
