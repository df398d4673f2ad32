package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Exact integer sums of blocks: quants of weights times quants of activations, for two groups of rows and one, two
/// or four tokens. Two groups share what is loaded of a token, which limits the speed; apart in memory, they are
/// two streams.
///
/// A 16-bit lane takes every other column of a row. It starts at −8 times the sum of the activations, because weights
/// are stored as 0 to 15; the finished sum of the row is below 2¹⁵, so that what overflows meanwhile does no harm. The
/// sums stand as `[block][token][group][row of the vector]`.
final class BlockSums {
    /// Numbers of a token's block in [PackedActivations]: sixteen pairs, and what a lane starts at.
    static final int RECORD = 17;

    private static final int NIBBLES = 0x000F000F;
    private static final int QUARTER_BYTES = 64;

    private BlockSums() {}

    /// Computes all sums of a chunk.
    ///
    /// @param tokens 1, 2 or 4
    /// @param first  where the quants of the first group begin, `second` of the other
    static void compute(
            MemorySegment data, long first, long second, int blocks, int[] in, int offset, int tokens, int[] sums) {
        switch (tokens) {
            case 1 -> one(data, first, second, blocks, in, offset, sums);
            case 2 -> two(data, first, second, blocks, in, offset, sums);
            case 4 -> four(data, first, second, blocks, in, offset, sums);
            default -> four(data, first, second, blocks, in, offset, sums);
        }
    }

    private static void one(MemorySegment data, long first, long second, int blocks, int[] in, int offset, int[] sums) {
        for (int block = 0; block < blocks; block++) {
            int x = offset + block * RECORD;
            long at0 = first + (long) block * RowGroups.QUANT_BYTES;
            long at1 = second + (long) block * RowGroups.QUANT_BYTES;
            ShortVector a0 = IntVector.broadcast(INTS, in[x + 16]).reinterpretAsShorts();
            ShortVector a1 = a0;
            for (int quarter = 0; quarter < 4; quarter++) {
                int y = x + quarter * 4;
                IntVector w0 = IntVector.fromMemorySegment(INTS, data, at0 + quarter * QUARTER_BYTES, LITTLE_ENDIAN);
                IntVector w1 = IntVector.fromMemorySegment(INTS, data, at1 + quarter * QUARTER_BYTES, LITTLE_ENDIAN);
                ShortVector q = IntVector.broadcast(INTS, in[y]).reinterpretAsShorts();
                a0 = w0.and(NIBBLES).reinterpretAsShorts().mul(q).add(a0);
                a1 = w1.and(NIBBLES).reinterpretAsShorts().mul(q).add(a1);
                q = IntVector.broadcast(INTS, in[y + 1]).reinterpretAsShorts();
                a0 = w0.lanewise(VectorOperators.LSHR, 4)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(a0);
                a1 = w1.lanewise(VectorOperators.LSHR, 4)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(a1);
                q = IntVector.broadcast(INTS, in[y + 2]).reinterpretAsShorts();
                a0 = w0.lanewise(VectorOperators.LSHR, 8)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(a0);
                a1 = w1.lanewise(VectorOperators.LSHR, 8)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(a1);
                q = IntVector.broadcast(INTS, in[y + 3]).reinterpretAsShorts();
                a0 = w0.lanewise(VectorOperators.LSHR, 12)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(a0);
                a1 = w1.lanewise(VectorOperators.LSHR, 12)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(a1);
            }
            int sum = block * 2 * Lanes.COUNT;
            a0.reinterpretAsInts().intoArray(sums, sum);
            a1.reinterpretAsInts().intoArray(sums, sum + Lanes.COUNT);
        }
    }

    private static void two(MemorySegment data, long first, long second, int blocks, int[] in, int offset, int[] sums) {
        for (int block = 0; block < blocks; block++) {
            int x = offset + block * 2 * RECORD;
            long at0 = first + (long) block * RowGroups.QUANT_BYTES;
            long at1 = second + (long) block * RowGroups.QUANT_BYTES;
            ShortVector a0 = IntVector.broadcast(INTS, in[x + 32]).reinterpretAsShorts();
            ShortVector a1 = a0;
            ShortVector b0 = IntVector.broadcast(INTS, in[x + 33]).reinterpretAsShorts();
            ShortVector b1 = b0;
            for (int pair = 0; pair < 16; pair++) {
                int y = x + pair * 2;
                long quarter = (pair >> 2) * QUARTER_BYTES;
                int shift = (pair & 3) * 4;
                ShortVector w0 = IntVector.fromMemorySegment(INTS, data, at0 + quarter, LITTLE_ENDIAN)
                        .lanewise(VectorOperators.LSHR, shift)
                        .and(NIBBLES)
                        .reinterpretAsShorts();
                ShortVector w1 = IntVector.fromMemorySegment(INTS, data, at1 + quarter, LITTLE_ENDIAN)
                        .lanewise(VectorOperators.LSHR, shift)
                        .and(NIBBLES)
                        .reinterpretAsShorts();
                ShortVector q = IntVector.broadcast(INTS, in[y]).reinterpretAsShorts();
                a0 = w0.mul(q).add(a0);
                a1 = w1.mul(q).add(a1);
                q = IntVector.broadcast(INTS, in[y + 1]).reinterpretAsShorts();
                b0 = w0.mul(q).add(b0);
                b1 = w1.mul(q).add(b1);
            }
            int sum = block * 4 * Lanes.COUNT;
            a0.reinterpretAsInts().intoArray(sums, sum);
            a1.reinterpretAsInts().intoArray(sums, sum + Lanes.COUNT);
            b0.reinterpretAsInts().intoArray(sums, sum + 2 * Lanes.COUNT);
            b1.reinterpretAsInts().intoArray(sums, sum + 3 * Lanes.COUNT);
        }
    }

    private static void four(
            MemorySegment data, long first, long second, int blocks, int[] in, int offset, int[] sums) {
        for (int block = 0; block < blocks; block++) {
            int x = offset + block * 4 * RECORD;
            long at0 = first + (long) block * RowGroups.QUANT_BYTES;
            long at1 = second + (long) block * RowGroups.QUANT_BYTES;
            ShortVector a0 = IntVector.broadcast(INTS, in[x + 64]).reinterpretAsShorts();
            ShortVector a1 = a0;
            ShortVector b0 = IntVector.broadcast(INTS, in[x + 65]).reinterpretAsShorts();
            ShortVector b1 = b0;
            ShortVector c0 = IntVector.broadcast(INTS, in[x + 66]).reinterpretAsShorts();
            ShortVector c1 = c0;
            ShortVector d0 = IntVector.broadcast(INTS, in[x + 67]).reinterpretAsShorts();
            ShortVector d1 = d0;
            for (int pair = 0; pair < 16; pair++) {
                int y = x + pair * 4;
                long quarter = (pair >> 2) * QUARTER_BYTES;
                int shift = (pair & 3) * 4;
                ShortVector w0 = IntVector.fromMemorySegment(INTS, data, at0 + quarter, LITTLE_ENDIAN)
                        .lanewise(VectorOperators.LSHR, shift)
                        .and(NIBBLES)
                        .reinterpretAsShorts();
                ShortVector w1 = IntVector.fromMemorySegment(INTS, data, at1 + quarter, LITTLE_ENDIAN)
                        .lanewise(VectorOperators.LSHR, shift)
                        .and(NIBBLES)
                        .reinterpretAsShorts();
                ShortVector q = IntVector.broadcast(INTS, in[y]).reinterpretAsShorts();
                a0 = w0.mul(q).add(a0);
                a1 = w1.mul(q).add(a1);
                q = IntVector.broadcast(INTS, in[y + 1]).reinterpretAsShorts();
                b0 = w0.mul(q).add(b0);
                b1 = w1.mul(q).add(b1);
                q = IntVector.broadcast(INTS, in[y + 2]).reinterpretAsShorts();
                c0 = w0.mul(q).add(c0);
                c1 = w1.mul(q).add(c1);
                q = IntVector.broadcast(INTS, in[y + 3]).reinterpretAsShorts();
                d0 = w0.mul(q).add(d0);
                d1 = w1.mul(q).add(d1);
            }
            int sum = block * 8 * Lanes.COUNT;
            a0.reinterpretAsInts().intoArray(sums, sum);
            a1.reinterpretAsInts().intoArray(sums, sum + Lanes.COUNT);
            b0.reinterpretAsInts().intoArray(sums, sum + 2 * Lanes.COUNT);
            b1.reinterpretAsInts().intoArray(sums, sum + 3 * Lanes.COUNT);
            c0.reinterpretAsInts().intoArray(sums, sum + 4 * Lanes.COUNT);
            c1.reinterpretAsInts().intoArray(sums, sum + 5 * Lanes.COUNT);
            d0.reinterpretAsInts().intoArray(sums, sum + 6 * Lanes.COUNT);
            d1.reinterpretAsInts().intoArray(sums, sum + 7 * Lanes.COUNT);
        }
    }
}
