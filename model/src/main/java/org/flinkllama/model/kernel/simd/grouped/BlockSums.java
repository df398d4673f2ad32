package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Exact integer sums of blocks: quants of weights times quants of activations, for two groups of rows and two,
/// four or eight tokens. Two groups share what is loaded of a token, which limits the speed; apart in memory, they
/// are two streams.
///
/// A 16-bit lane takes every other column of a row. It starts at −8 times the sum of the activations, because
/// weights are stored as 0 to 15; the finished sum of the row is below 2¹⁵, so that what overflows meanwhile does
/// no harm. The sums stand as `[token][block][group][row of the vector]`, with room for the blocks of a whole chunk.
final class BlockSums {
    /// Numbers of a token's block in [PackedActivations]: sixteen pairs, and what a lane starts at.
    static final int RECORD = 17;

    /// Sums of a token.
    static final int TOKEN = RowGroups.CHUNK_BLOCKS * 2 * Lanes.COUNT;

    private static final int QUARTER_BYTES = 64;

    private BlockSums() {}

    /// Computes all sums of a chunk.
    ///
    /// @param tokens 2, 4 or 8
    /// @param first  where the pairs of the first group begin, `second` of the other
    static void compute(
            MemorySegment data, long first, long second, int blocks, int[] in, int offset, int tokens, int[] sums) {
        switch (tokens) {
            case 2 -> two(data, first, second, blocks, in, offset, sums);
            case 4 -> four(data, first, second, blocks, in, offset, sums);
            default -> eight(data, first, second, blocks, in, offset, sums);
        }
    }

    private static void two(MemorySegment data, long first, long second, int blocks, int[] in, int offset, int[] sums) {
        for (int block = 0; block < blocks; block++) {
            int x = offset + block * 2 * RECORD;
            long at0 = first + RowGroups.quantOffset(block);
            long at1 = second + RowGroups.quantOffset(block);
            ShortVector a0 = IntVector.broadcast(INTS, in[x + 32]).reinterpretAsShorts();
            ShortVector a1 = a0;
            ShortVector b0 = IntVector.broadcast(INTS, in[x + 33]).reinterpretAsShorts();
            ShortVector b1 = b0;
            for (int pair = 0; pair < 16; pair++) {
                int y = x + pair * 2;
                long quarter = (pair >> 2) * QUARTER_BYTES;
                int shift = (pair & 3) * 4;
                ShortVector w0 = IntVector.fromMemorySegment(INTS, data, at0 + quarter, LITTLE_ENDIAN)
                        .reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, shift);
                ShortVector w1 = IntVector.fromMemorySegment(INTS, data, at1 + quarter, LITTLE_ENDIAN)
                        .reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, shift);
                ShortVector q = IntVector.broadcast(INTS, in[y]).reinterpretAsShorts();
                a0 = w0.mul(q).add(a0);
                a1 = w1.mul(q).add(a1);
                q = IntVector.broadcast(INTS, in[y + 1]).reinterpretAsShorts();
                b0 = w0.mul(q).add(b0);
                b1 = w1.mul(q).add(b1);
            }
            int sum = block * 2 * Lanes.COUNT;
            a0.reinterpretAsInts().intoArray(sums, sum);
            a1.reinterpretAsInts().intoArray(sums, sum + Lanes.COUNT);
            b0.reinterpretAsInts().intoArray(sums, sum + TOKEN);
            b1.reinterpretAsInts().intoArray(sums, sum + TOKEN + Lanes.COUNT);
        }
    }

    private static void four(
            MemorySegment data, long first, long second, int blocks, int[] in, int offset, int[] sums) {
        for (int block = 0; block < blocks; block++) {
            int x = offset + block * 4 * RECORD;
            long at0 = first + RowGroups.quantOffset(block);
            long at1 = second + RowGroups.quantOffset(block);
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
                        .reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, shift);
                ShortVector w1 = IntVector.fromMemorySegment(INTS, data, at1 + quarter, LITTLE_ENDIAN)
                        .reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, shift);
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
            int sum = block * 2 * Lanes.COUNT;
            a0.reinterpretAsInts().intoArray(sums, sum);
            a1.reinterpretAsInts().intoArray(sums, sum + Lanes.COUNT);
            b0.reinterpretAsInts().intoArray(sums, sum + TOKEN);
            b1.reinterpretAsInts().intoArray(sums, sum + TOKEN + Lanes.COUNT);
            c0.reinterpretAsInts().intoArray(sums, sum + 2 * TOKEN);
            c1.reinterpretAsInts().intoArray(sums, sum + 2 * TOKEN + Lanes.COUNT);
            d0.reinterpretAsInts().intoArray(sums, sum + 3 * TOKEN);
            d1.reinterpretAsInts().intoArray(sums, sum + 3 * TOKEN + Lanes.COUNT);
        }
    }

    private static void eight(
            MemorySegment data, long first, long second, int blocks, int[] in, int offset, int[] sums) {
        for (int block = 0; block < blocks; block++) {
            int x = offset + block * 8 * RECORD;
            long at0 = first + RowGroups.quantOffset(block);
            long at1 = second + RowGroups.quantOffset(block);
            ShortVector a0 = IntVector.broadcast(INTS, in[x + 128]).reinterpretAsShorts();
            ShortVector a1 = a0;
            ShortVector b0 = IntVector.broadcast(INTS, in[x + 129]).reinterpretAsShorts();
            ShortVector b1 = b0;
            ShortVector c0 = IntVector.broadcast(INTS, in[x + 130]).reinterpretAsShorts();
            ShortVector c1 = c0;
            ShortVector d0 = IntVector.broadcast(INTS, in[x + 131]).reinterpretAsShorts();
            ShortVector d1 = d0;
            ShortVector e0 = IntVector.broadcast(INTS, in[x + 132]).reinterpretAsShorts();
            ShortVector e1 = e0;
            ShortVector f0 = IntVector.broadcast(INTS, in[x + 133]).reinterpretAsShorts();
            ShortVector f1 = f0;
            ShortVector g0 = IntVector.broadcast(INTS, in[x + 134]).reinterpretAsShorts();
            ShortVector g1 = g0;
            ShortVector h0 = IntVector.broadcast(INTS, in[x + 135]).reinterpretAsShorts();
            ShortVector h1 = h0;
            for (int pair = 0; pair < 16; pair++) {
                int y = x + pair * 8;
                long quarter = (pair >> 2) * QUARTER_BYTES;
                int shift = (pair & 3) * 4;
                ShortVector w0 = IntVector.fromMemorySegment(INTS, data, at0 + quarter, LITTLE_ENDIAN)
                        .reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, shift);
                ShortVector w1 = IntVector.fromMemorySegment(INTS, data, at1 + quarter, LITTLE_ENDIAN)
                        .reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, shift);
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
                q = IntVector.broadcast(INTS, in[y + 4]).reinterpretAsShorts();
                e0 = w0.mul(q).add(e0);
                e1 = w1.mul(q).add(e1);
                q = IntVector.broadcast(INTS, in[y + 5]).reinterpretAsShorts();
                f0 = w0.mul(q).add(f0);
                f1 = w1.mul(q).add(f1);
                q = IntVector.broadcast(INTS, in[y + 6]).reinterpretAsShorts();
                g0 = w0.mul(q).add(g0);
                g1 = w1.mul(q).add(g1);
                q = IntVector.broadcast(INTS, in[y + 7]).reinterpretAsShorts();
                h0 = w0.mul(q).add(h0);
                h1 = w1.mul(q).add(h1);
            }
            int sum = block * 2 * Lanes.COUNT;
            a0.reinterpretAsInts().intoArray(sums, sum);
            a1.reinterpretAsInts().intoArray(sums, sum + Lanes.COUNT);
            b0.reinterpretAsInts().intoArray(sums, sum + TOKEN);
            b1.reinterpretAsInts().intoArray(sums, sum + TOKEN + Lanes.COUNT);
            c0.reinterpretAsInts().intoArray(sums, sum + 2 * TOKEN);
            c1.reinterpretAsInts().intoArray(sums, sum + 2 * TOKEN + Lanes.COUNT);
            d0.reinterpretAsInts().intoArray(sums, sum + 3 * TOKEN);
            d1.reinterpretAsInts().intoArray(sums, sum + 3 * TOKEN + Lanes.COUNT);
            e0.reinterpretAsInts().intoArray(sums, sum + 4 * TOKEN);
            e1.reinterpretAsInts().intoArray(sums, sum + 4 * TOKEN + Lanes.COUNT);
            f0.reinterpretAsInts().intoArray(sums, sum + 5 * TOKEN);
            f1.reinterpretAsInts().intoArray(sums, sum + 5 * TOKEN + Lanes.COUNT);
            g0.reinterpretAsInts().intoArray(sums, sum + 6 * TOKEN);
            g1.reinterpretAsInts().intoArray(sums, sum + 6 * TOKEN + Lanes.COUNT);
            h0.reinterpretAsInts().intoArray(sums, sum + 7 * TOKEN);
            h1.reinterpretAsInts().intoArray(sums, sum + 7 * TOKEN + Lanes.COUNT);
        }
    }
}
