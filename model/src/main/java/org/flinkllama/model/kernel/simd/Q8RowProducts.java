package org.flinkllama.model.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
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

    private static void part(
            WeightMatrix weights, int row, int distance, int part, float[] in, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long stride = distance * weights.rowBytes();
        long block0 = row * weights.rowBytes();
        long block1 = block0 + stride;
        long block2 = block1 + stride;
        long block3 = block2 + stride;
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int column = part; column < weights.columns(); column += BLOCK_COLUMNS) {
            FloatVector low = FloatVector.fromArray(Lanes.FLOATS, in, column);
            FloatVector high = FloatVector.fromArray(Lanes.FLOATS, in, column + PARTIAL_SUMS);
            float scale0 = Float.float16ToFloat(data.get(Quants.SHORT, block0));
            float scale1 = Float.float16ToFloat(data.get(Quants.SHORT, block1));
            float scale2 = Float.float16ToFloat(data.get(Quants.SHORT, block2));
            float scale3 = Float.float16ToFloat(data.get(Quants.SHORT, block3));
            sum0 = quants(data, block0 + 2 + part).mul(scale0).fma(low, sum0);
            sum1 = quants(data, block1 + 2 + part).mul(scale1).fma(low, sum1);
            sum2 = quants(data, block2 + 2 + part).mul(scale2).fma(low, sum2);
            sum3 = quants(data, block3 + 2 + part).mul(scale3).fma(low, sum3);
            sum0 = quants(data, block0 + 18 + part).mul(scale0).fma(high, sum0);
            sum1 = quants(data, block1 + 18 + part).mul(scale1).fma(high, sum1);
            sum2 = quants(data, block2 + 18 + part).mul(scale2).fma(high, sum2);
            sum3 = quants(data, block3 + 18 + part).mul(scale3).fma(high, sum3);
            block0 += BLOCK_BYTES;
            block1 += BLOCK_BYTES;
            block2 += BLOCK_BYTES;
            block3 += BLOCK_BYTES;
        }
        sum0.intoArray(sums, sum);
        sum1.intoArray(sums, sum + PARTIAL_SUMS);
        sum2.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        sum3.intoArray(sums, sum + 3 * PARTIAL_SUMS);
    }

    private static FloatVector quants(MemorySegment data, long offset) {
        return (FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, offset, LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
    }
}
