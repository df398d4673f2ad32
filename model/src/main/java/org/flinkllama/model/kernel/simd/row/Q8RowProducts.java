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

/// Four Q8_0 rows × 1, 2 or 4 tokens: blocks of 2 bytes of f16 scale, then 32 signed bytes. The loops are written
/// out because the compiler keeps accumulators in registers only if they are variables of one method. A block is a
/// slice, whose constant size lets the compiler check bounds once for all that is read of it.
final class Q8RowProducts {
    private static final int BLOCK_COLUMNS = 32;
    private static final int BLOCK_BYTES = TensorType.Q8_0.blockBytes();

    private Q8RowProducts() {}

    /// Stores the partial sums of four rows × `tokens` tokens, `[row][token][16]`, in `sums` from `sum`.
    ///
    /// @param in the tokens, from `at`, as [TokenGroups] has them
    static void fourRows(
            WeightMatrix weights, int row, int distance, int tokens, float[] in, int at, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long first = row * weights.rowBytes();
        long stride = distance * weights.rowBytes();
        int blocks = weights.columns() / BLOCK_COLUMNS;
        switch (tokens) {
            case 1 -> {
                for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                    one(data, first, stride, blocks, part, in, at, sums, sum + part);
                }
            }
            case 2 -> two(data, first, stride, blocks, in, at, sums, sum);
            case 4 -> four(data, first, stride, blocks, in, at, sums, sum);
            default -> throw new IllegalArgumentException("A group has " + tokens + " tokens; expected 1, 2 or 4.");
        }
    }

    private static void one(
            MemorySegment data,
            long row0,
            long stride,
            int blocks,
            int anyPart,
            float[] in,
            int at,
            float[] sums,
            int sum) {
        int part = Lanes.COUNT == PARTIAL_SUMS ? 0 : anyPart;
        long row1 = row0 + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        for (int block = 0; block < blocks; block++) {
            long offset = (long) block * BLOCK_BYTES;
            MemorySegment block0 = data.asSlice(row0 + offset, BLOCK_BYTES);
            MemorySegment block1 = data.asSlice(row1 + offset, BLOCK_BYTES);
            MemorySegment block2 = data.asSlice(row2 + offset, BLOCK_BYTES);
            MemorySegment block3 = data.asSlice(row3 + offset, BLOCK_BYTES);
            int x = at + part + block * 32;
            FloatVector low = FloatVector.fromArray(Lanes.FLOATS, in, x);
            FloatVector high = FloatVector.fromArray(Lanes.FLOATS, in, x + 16);
            FloatVector scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block0.get(Quants.SHORT, 0)));
            a0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block0, 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, a0);
            a0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block0, 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, a0);
            scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block1.get(Quants.SHORT, 0)));
            a1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block1, 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, a1);
            a1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block1, 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, a1);
            scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block2.get(Quants.SHORT, 0)));
            a2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block2, 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, a2);
            a2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block2, 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, a2);
            scale = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block3.get(Quants.SHORT, 0)));
            a3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block3, 2 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(low, a3);
            a3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block3, 18 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .fma(high, a3);
        }
        a0.intoArray(sums, sum);
        a1.intoArray(sums, sum + PARTIAL_SUMS);
        a2.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        a3.intoArray(sums, sum + 3 * PARTIAL_SUMS);
    }

    private static void two(
            MemorySegment data, long row0, long stride, int blocks, float[] in, int at, float[] sums, int sum) {
        long row1 = row0 + stride;
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
            MemorySegment block0 = data.asSlice(row0 + offset, BLOCK_BYTES);
            MemorySegment block1 = data.asSlice(row1 + offset, BLOCK_BYTES);
            MemorySegment block2 = data.asSlice(row2 + offset, BLOCK_BYTES);
            MemorySegment block3 = data.asSlice(row3 + offset, BLOCK_BYTES);
            int x = at + block * 64;
            FloatVector scale0 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block0.get(Quants.SHORT, 0)));
            FloatVector scale1 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block1.get(Quants.SHORT, 0)));
            FloatVector scale2 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block2.get(Quants.SHORT, 0)));
            FloatVector scale3 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block3.get(Quants.SHORT, 0)));
            FloatVector w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block0, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            FloatVector w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block1, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            FloatVector w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block2, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            FloatVector w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block3, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, in, x);
            a0 = w0.fma(numbers, a0);
            a1 = w1.fma(numbers, a1);
            a2 = w2.fma(numbers, a2);
            a3 = w3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 16);
            b0 = w0.fma(numbers, b0);
            b1 = w1.fma(numbers, b1);
            b2 = w2.fma(numbers, b2);
            b3 = w3.fma(numbers, b3);
            w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block0, 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block1, 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block2, 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block3, 18, LITTLE_ENDIAN)
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
        b0.intoArray(sums, sum + PARTIAL_SUMS);
        a1.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        b1.intoArray(sums, sum + 3 * PARTIAL_SUMS);
        a2.intoArray(sums, sum + 4 * PARTIAL_SUMS);
        b2.intoArray(sums, sum + 5 * PARTIAL_SUMS);
        a3.intoArray(sums, sum + 6 * PARTIAL_SUMS);
        b3.intoArray(sums, sum + 7 * PARTIAL_SUMS);
    }

    private static void four(
            MemorySegment data, long row0, long stride, int blocks, float[] in, int at, float[] sums, int sum) {
        long row1 = row0 + stride;
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
            MemorySegment block0 = data.asSlice(row0 + offset, BLOCK_BYTES);
            MemorySegment block1 = data.asSlice(row1 + offset, BLOCK_BYTES);
            MemorySegment block2 = data.asSlice(row2 + offset, BLOCK_BYTES);
            MemorySegment block3 = data.asSlice(row3 + offset, BLOCK_BYTES);
            int x = at + block * 128;
            FloatVector scale0 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block0.get(Quants.SHORT, 0)));
            FloatVector scale1 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block1.get(Quants.SHORT, 0)));
            FloatVector scale2 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block2.get(Quants.SHORT, 0)));
            FloatVector scale3 = FloatVector.broadcast(Lanes.FLOATS, Float.float16ToFloat(block3.get(Quants.SHORT, 0)));
            FloatVector w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block0, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            FloatVector w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block1, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            FloatVector w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block2, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            FloatVector w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block3, 2, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, in, x);
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
            w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block0, 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block1, 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block2, 18, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, block3, 18, LITTLE_ENDIAN)
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
        b0.intoArray(sums, sum + PARTIAL_SUMS);
        c0.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        d0.intoArray(sums, sum + 3 * PARTIAL_SUMS);
        a1.intoArray(sums, sum + 4 * PARTIAL_SUMS);
        b1.intoArray(sums, sum + 5 * PARTIAL_SUMS);
        c1.intoArray(sums, sum + 6 * PARTIAL_SUMS);
        d1.intoArray(sums, sum + 7 * PARTIAL_SUMS);
        a2.intoArray(sums, sum + 8 * PARTIAL_SUMS);
        b2.intoArray(sums, sum + 9 * PARTIAL_SUMS);
        c2.intoArray(sums, sum + 10 * PARTIAL_SUMS);
        d2.intoArray(sums, sum + 11 * PARTIAL_SUMS);
        a3.intoArray(sums, sum + 12 * PARTIAL_SUMS);
        b3.intoArray(sums, sum + 13 * PARTIAL_SUMS);
        c3.intoArray(sums, sum + 14 * PARTIAL_SUMS);
        d3.intoArray(sums, sum + 15 * PARTIAL_SUMS);
    }
}
