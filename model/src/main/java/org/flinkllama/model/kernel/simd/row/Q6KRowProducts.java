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

/// Q6_K rows × one token, on vectors of sixteen. One loop runs over the halves of super-blocks of whole rows: 64 bytes
/// of low bits, 32 bytes of high bits and 8 scales make 8 times 16 numbers, written out because the compiler keeps
/// sums in registers only if they are variables of one method.
final class Q6KRowProducts {
    private static final int BLOCK_BYTES = TensorType.Q6_K.blockBytes();
    private static final int HALF_COLUMNS = 128;

    private Q6KRowProducts() {}

    /// Stores the sixteen partial sums of each of four rows in `sums` from `sum`.
    static void fourRows(WeightMatrix weights, int row, int distance, float[] in, int at, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long stride = distance * weights.rowBytes();
        long row0 = row * weights.rowBytes();
        int halves = weights.columns() / HALF_COLUMNS;
        twoRows(data, row0, row0 + stride, halves, in, at, sums, sum);
        twoRows(data, row0 + 2 * stride, row0 + 3 * stride, halves, in, at, sums, sum + 2 * PARTIAL_SUMS);
    }

    private static void twoRows(
            MemorySegment data, long row0, long row1, int halves, float[] in, int at, float[] sums, int sum) {
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = FloatVector.zero(Lanes.FLOATS);
        for (int half = 0; half < halves; half++) {
            long offset = (half >> 1) * (long) BLOCK_BYTES;
            long lowBits = offset + 64 * (half & 1);
            long highBits = offset + 128 + 32 * (half & 1);
            int x = at + half * HALF_COLUMNS;
            long scales = data.get(Quants.LONG, row0 + offset + 192 + 8 * (half & 1));
            float scale = Float.float16ToFloat(data.get(Quants.SHORT, row0 + offset + 208));
            ByteVector pairs =
                    ByteVector.fromMemorySegment(ByteVector.SPECIES_256, data, row0 + highBits, LITTLE_ENDIAN);
            ByteVector first =
                    ByteVector.fromMemorySegment(ByteVector.SPECIES_256, data, row0 + lowBits, LITTLE_ENDIAN);
            ByteVector second =
                    ByteVector.fromMemorySegment(ByteVector.SPECIES_256, data, row0 + lowBits + 32, LITTLE_ENDIAN);
            ByteVector quants = first.and((byte) 15)
                    .or(pairs.and((byte) 3)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 4)
                            .reinterpretAsBytes())
                    .sub((byte) 32);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) scales)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x), sum0);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 8))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 16), sum0);
            quants = second.and((byte) 15)
                    .or(pairs.and((byte) 12)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 2)
                            .reinterpretAsBytes())
                    .sub((byte) 32);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) (scales >> 16))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 32), sum0);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 24))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 48), sum0);
            quants = first.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHR, 4)
                    .reinterpretAsBytes()
                    .and((byte) 15)
                    .or(pairs.and((byte) 48))
                    .sub((byte) 32);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) (scales >> 32))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 64), sum0);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 40))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 80), sum0);
            quants = second.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHR, 4)
                    .reinterpretAsBytes()
                    .and((byte) 15)
                    .or(pairs.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHR, 2)
                            .reinterpretAsBytes()
                            .and((byte) 48))
                    .sub((byte) 32);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) (scales >> 48))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 96), sum0);
            sum0 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 56))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 112), sum0);
            scales = data.get(Quants.LONG, row1 + offset + 192 + 8 * (half & 1));
            scale = Float.float16ToFloat(data.get(Quants.SHORT, row1 + offset + 208));
            pairs = ByteVector.fromMemorySegment(ByteVector.SPECIES_256, data, row1 + highBits, LITTLE_ENDIAN);
            first = ByteVector.fromMemorySegment(ByteVector.SPECIES_256, data, row1 + lowBits, LITTLE_ENDIAN);
            second = ByteVector.fromMemorySegment(ByteVector.SPECIES_256, data, row1 + lowBits + 32, LITTLE_ENDIAN);
            quants = first.and((byte) 15)
                    .or(pairs.and((byte) 3)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 4)
                            .reinterpretAsBytes())
                    .sub((byte) 32);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) scales)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x), sum1);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 8))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 16), sum1);
            quants = second.and((byte) 15)
                    .or(pairs.and((byte) 12)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 2)
                            .reinterpretAsBytes())
                    .sub((byte) 32);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) (scales >> 16))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 32), sum1);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 24))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 48), sum1);
            quants = first.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHR, 4)
                    .reinterpretAsBytes()
                    .and((byte) 15)
                    .or(pairs.and((byte) 48))
                    .sub((byte) 32);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) (scales >> 32))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 64), sum1);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 40))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 80), sum1);
            quants = second.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHR, 4)
                    .reinterpretAsBytes()
                    .and((byte) 15)
                    .or(pairs.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHR, 2)
                            .reinterpretAsBytes()
                            .and((byte) 48))
                    .sub((byte) 32);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale * (byte) (scales >> 48))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 96), sum1);
            sum1 = ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, 1))
                    .mul(scale * (byte) (scales >> 56))
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, x + 112), sum1);
        }
        sum0.intoArray(sums, sum);
        sum1.intoArray(sums, sum + PARTIAL_SUMS);
    }
}
