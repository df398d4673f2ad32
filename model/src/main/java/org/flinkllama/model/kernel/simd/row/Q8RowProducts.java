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

    static void fourRows(WeightMatrix weights, int row, int distance, float[] in, int at, float[] sums, int sum) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            part(
                    weights.data(),
                    row * weights.rowBytes(),
                    distance * weights.rowBytes(),
                    weights.columns() / BLOCK_COLUMNS,
                    part,
                    in,
                    at + part,
                    sums,
                    sum + part);
        }
    }

    private static void part(
            MemorySegment data,
            long row0,
            long stride,
            int blocks,
            int anyPart,
            float[] in,
            int x,
            float[] sums,
            int sum) {
        int part = Lanes.COUNT == PARTIAL_SUMS ? 0 : anyPart;
        long row1 = row0 + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int block = 0; block < blocks; block++) {
            long offset = (long) block * BLOCK_BYTES;
            FloatVector low = FloatVector.fromArray(Lanes.FLOATS, in, x + block * BLOCK_COLUMNS);
            FloatVector high = FloatVector.fromArray(Lanes.FLOATS, in, x + block * BLOCK_COLUMNS + PARTIAL_SUMS);
            long address = row0 + offset;
            FloatVector scale =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, address)));
            sum0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum0);
            sum0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum0);
            address = row1 + offset;
            scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, address)));
            sum1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum1);
            sum1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum1);
            address = row2 + offset;
            scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, address)));
            sum2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum2);
            sum2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum2);
            address = row3 + offset;
            scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, address)));
            sum3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, sum3);
            sum3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, address + 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, sum3);
        }
        sum0.intoArray(sums, sum);
        sum1.intoArray(sums, sum + PARTIAL_SUMS);
        sum2.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        sum3.intoArray(sums, sum + 3 * PARTIAL_SUMS);
    }
}
