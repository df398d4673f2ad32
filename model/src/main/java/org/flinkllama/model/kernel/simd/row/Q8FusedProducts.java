package org.flinkllama.model.kernel.simd.row;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Four Q8_0 rows × 2 or 4 tokens, on vectors of sixteen: a stored number is decoded once for all tokens. The loops
/// are written out because the compiler keeps accumulators in registers only if they are variables of one method.
final class Q8FusedProducts {
    private static final int BLOCK_COLUMNS = 32;
    private static final int BLOCK_BYTES = TensorType.Q8_0.blockBytes();

    private Q8FusedProducts() {}

    /// Stores the partial sums of four rows × `tokens` tokens, `[row][token][16]`, in `sums` from `sum`.
    ///
    /// @param in the tokens from `at`, as [TokenGroups] has them
    static void fourRows(
            WeightMatrix weights, int row, int distance, int tokens, float[] in, int at, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long first = row * weights.rowBytes();
        long stride = distance * weights.rowBytes();
        int blocks = weights.columns() / BLOCK_COLUMNS;
        switch (tokens) {
            case 2 -> two(data, first, stride, blocks, in, at, sums, sum);
            case 4 -> four(data, first, stride, blocks, in, at, sums, sum);
            default -> throw new IllegalArgumentException("A group has " + tokens + " tokens; expected 2 or 4.");
        }
    }

    private static void two(
            MemorySegment data, long row, long stride, int blocks, float[] in, int at, float[] sums, int sum) {
        long row1 = row + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b3 = FloatVector.zero(Lanes.FLOATS);
        for (int block = 0; block < blocks; block++) {
            long offset = (long) block * BLOCK_BYTES;
            int x = at + block * 64;
            long block0 = row + offset;
            FloatVector scale0 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block0)));
            long block1 = row1 + offset;
            FloatVector scale1 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block1)));
            long block2 = row2 + offset;
            FloatVector scale2 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block2)));
            long block3 = row3 + offset;
            FloatVector scale3 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block3)));
            FloatVector w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block0 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            FloatVector w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block1 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            FloatVector w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block2 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            FloatVector w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block3 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 0);
            a0 = w0.fma(numbers, a0);
            a1 = w1.fma(numbers, a1);
            a2 = w2.fma(numbers, a2);
            a3 = w3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 16);
            b0 = w0.fma(numbers, b0);
            b1 = w1.fma(numbers, b1);
            b2 = w2.fma(numbers, b2);
            b3 = w3.fma(numbers, b3);
            w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block0 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block1 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block2 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block3 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 32);
            a0 = w0.fma(numbers, a0);
            a1 = w1.fma(numbers, a1);
            a2 = w2.fma(numbers, a2);
            a3 = w3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 48);
            b0 = w0.fma(numbers, b0);
            b1 = w1.fma(numbers, b1);
            b2 = w2.fma(numbers, b2);
            b3 = w3.fma(numbers, b3);
        }
        a0.intoArray(sums, sum);
        b0.intoArray(sums, sum + 16);
        a1.intoArray(sums, sum + 32);
        b1.intoArray(sums, sum + 48);
        a2.intoArray(sums, sum + 64);
        b2.intoArray(sums, sum + 80);
        a3.intoArray(sums, sum + 96);
        b3.intoArray(sums, sum + 112);
    }

    private static void four(
            MemorySegment data, long row, long stride, int blocks, float[] in, int at, float[] sums, int sum) {
        long row1 = row + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d3 = FloatVector.zero(Lanes.FLOATS);
        for (int block = 0; block < blocks; block++) {
            long offset = (long) block * BLOCK_BYTES;
            int x = at + block * 128;
            long block0 = row + offset;
            FloatVector scale0 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block0)));
            long block1 = row1 + offset;
            FloatVector scale1 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block1)));
            long block2 = row2 + offset;
            FloatVector scale2 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block2)));
            long block3 = row3 + offset;
            FloatVector scale3 =
                    FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(data.get(Quants.SHORT, block3)));
            FloatVector w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block0 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            FloatVector w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block1 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            FloatVector w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block2 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            FloatVector w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block3 + 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 0);
            a0 = w0.fma(numbers, a0);
            a1 = w1.fma(numbers, a1);
            a2 = w2.fma(numbers, a2);
            a3 = w3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 16);
            b0 = w0.fma(numbers, b0);
            b1 = w1.fma(numbers, b1);
            b2 = w2.fma(numbers, b2);
            b3 = w3.fma(numbers, b3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 32);
            c0 = w0.fma(numbers, c0);
            c1 = w1.fma(numbers, c1);
            c2 = w2.fma(numbers, c2);
            c3 = w3.fma(numbers, c3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 48);
            d0 = w0.fma(numbers, d0);
            d1 = w1.fma(numbers, d1);
            d2 = w2.fma(numbers, d2);
            d3 = w3.fma(numbers, d3);
            w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block0 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block1 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block2 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, block3 + 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 64);
            a0 = w0.fma(numbers, a0);
            a1 = w1.fma(numbers, a1);
            a2 = w2.fma(numbers, a2);
            a3 = w3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 80);
            b0 = w0.fma(numbers, b0);
            b1 = w1.fma(numbers, b1);
            b2 = w2.fma(numbers, b2);
            b3 = w3.fma(numbers, b3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 96);
            c0 = w0.fma(numbers, c0);
            c1 = w1.fma(numbers, c1);
            c2 = w2.fma(numbers, c2);
            c3 = w3.fma(numbers, c3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 112);
            d0 = w0.fma(numbers, d0);
            d1 = w1.fma(numbers, d1);
            d2 = w2.fma(numbers, d2);
            d3 = w3.fma(numbers, d3);
        }
        a0.intoArray(sums, sum);
        b0.intoArray(sums, sum + 16);
        c0.intoArray(sums, sum + 32);
        d0.intoArray(sums, sum + 48);
        a1.intoArray(sums, sum + 64);
        b1.intoArray(sums, sum + 80);
        c1.intoArray(sums, sum + 96);
        d1.intoArray(sums, sum + 112);
        a2.intoArray(sums, sum + 128);
        b2.intoArray(sums, sum + 144);
        c2.intoArray(sums, sum + 160);
        d2.intoArray(sums, sum + 176);
        a3.intoArray(sums, sum + 192);
        b3.intoArray(sums, sum + 208);
        c3.intoArray(sums, sum + 224);
        d3.intoArray(sums, sum + 240);
    }
}
