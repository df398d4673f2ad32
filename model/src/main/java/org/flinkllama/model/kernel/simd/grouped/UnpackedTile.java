package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// The lanes of one chunk of two groups, whole and without their last one, two and three quants, in the first-level
/// cache: unpacked once and multiplied with many tokens, eight at a time. They stand as `[block][pair][group][lane]`.
///
/// A 16-bit lane of a sum takes every other column of a row. It starts at −8 times the sum of the activations, because
/// weights are stored as 0 to 15; the finished sum of the row is below 2¹⁵, so that what overflows meanwhile does no
/// harm. The sums stand as `[token][block][group][row of the vector]`, with room for the blocks of a whole chunk.
final class UnpackedTile {
    /// Tokens of a set.
    static final int TOKENS = 8;

    /// Sums of a token.
    static final int TOKEN = RowGroups.CHUNK_BLOCKS * 2 * Lanes.COUNT;

    private static final VectorSpecies<Short> SHORTS = INTS.withLanes(short.class);
    private static final int LANES = 2 * Lanes.COUNT;
    private static final int PAIRS = RowGroups.BLOCK / 2;
    private static final int QUARTER_BYTES = 64;

    private final short[] weights = new short[RowGroups.CHUNK_BLOCKS * PAIRS * 2 * LANES];

    /// Unpacks a chunk.
    ///
    /// @param first where the pairs of the first group begin, `second` of the other
    void unpack(MemorySegment data, long first, long second, int blocks) {
        unpack(data, first, blocks, 0);
        unpack(data, second, blocks, LANES);
    }

    private void unpack(MemorySegment data, long pairs, int blocks, int lane) {
        ShortVector four = IntVector.broadcast(INTS, 0x00040004).reinterpretAsShorts();
        ShortVector eight = IntVector.broadcast(INTS, 0x00080008).reinterpretAsShorts();
        ShortVector twelve = IntVector.broadcast(INTS, 0x000C000C).reinterpretAsShorts();
        for (int block = 0; block < blocks; block++) {
            long first = pairs + RowGroups.quantOffset(block);
            for (int quarter = 0; quarter < 4; quarter++) {
                ShortVector quants = IntVector.fromMemorySegment(
                                INTS, data, first + quarter * QUARTER_BYTES, LITTLE_ENDIAN)
                        .reinterpretAsShorts();
                int target = (block * 4 + quarter) * 4 * 2 * LANES + lane;
                quants.intoArray(weights, target);
                quants.lanewise(VectorOperators.LSHR, four).intoArray(weights, target + 2 * LANES);
                quants.lanewise(VectorOperators.LSHR, eight).intoArray(weights, target + 4 * LANES);
                quants.lanewise(VectorOperators.LSHR, twelve).intoArray(weights, target + 6 * LANES);
            }
        }
    }

    /// Computes all sums of the chunk for eight tokens.
    void multiply(int blocks, float[] in, int offset, int[] sums) {
        multiply(weights, blocks, in, offset, sums);
    }

    private static void multiply(short[] weights, int blocks, float[] in, int offset, int[] sums) {
        int x = offset;
        int sum = 0;
        ShortVector a0 = FloatVector.broadcast(FLOATS, in[x + 128]).reinterpretAsShorts();
        ShortVector a1 = a0;
        ShortVector b0 = FloatVector.broadcast(FLOATS, in[x + 129]).reinterpretAsShorts();
        ShortVector b1 = b0;
        ShortVector c0 = FloatVector.broadcast(FLOATS, in[x + 130]).reinterpretAsShorts();
        ShortVector c1 = c0;
        ShortVector d0 = FloatVector.broadcast(FLOATS, in[x + 131]).reinterpretAsShorts();
        ShortVector d1 = d0;
        ShortVector e0 = FloatVector.broadcast(FLOATS, in[x + 132]).reinterpretAsShorts();
        ShortVector e1 = e0;
        ShortVector f0 = FloatVector.broadcast(FLOATS, in[x + 133]).reinterpretAsShorts();
        ShortVector f1 = f0;
        ShortVector g0 = FloatVector.broadcast(FLOATS, in[x + 134]).reinterpretAsShorts();
        ShortVector g1 = g0;
        ShortVector h0 = FloatVector.broadcast(FLOATS, in[x + 135]).reinterpretAsShorts();
        ShortVector h1 = h0;
        for (int pair = 0; pair < blocks * PAIRS; pair++) {
            ShortVector w0 = ShortVector.fromArray(SHORTS, weights, pair * 2 * LANES);
            ShortVector w1 = ShortVector.fromArray(SHORTS, weights, pair * 2 * LANES + LANES);
            ShortVector q = FloatVector.broadcast(FLOATS, in[x]).reinterpretAsShorts();
            a0 = w0.mul(q).add(a0);
            a1 = w1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 1]).reinterpretAsShorts();
            b0 = w0.mul(q).add(b0);
            b1 = w1.mul(q).add(b1);
            q = FloatVector.broadcast(FLOATS, in[x + 2]).reinterpretAsShorts();
            c0 = w0.mul(q).add(c0);
            c1 = w1.mul(q).add(c1);
            q = FloatVector.broadcast(FLOATS, in[x + 3]).reinterpretAsShorts();
            d0 = w0.mul(q).add(d0);
            d1 = w1.mul(q).add(d1);
            q = FloatVector.broadcast(FLOATS, in[x + 4]).reinterpretAsShorts();
            e0 = w0.mul(q).add(e0);
            e1 = w1.mul(q).add(e1);
            q = FloatVector.broadcast(FLOATS, in[x + 5]).reinterpretAsShorts();
            f0 = w0.mul(q).add(f0);
            f1 = w1.mul(q).add(f1);
            q = FloatVector.broadcast(FLOATS, in[x + 6]).reinterpretAsShorts();
            g0 = w0.mul(q).add(g0);
            g1 = w1.mul(q).add(g1);
            q = FloatVector.broadcast(FLOATS, in[x + 7]).reinterpretAsShorts();
            h0 = w0.mul(q).add(h0);
            h1 = w1.mul(q).add(h1);
            x += 8;
            if (pair % PAIRS == PAIRS - 1) {
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
                sum += 2 * Lanes.COUNT;
                x += 8;
                if (pair + 1 < blocks * PAIRS) {
                    a0 = FloatVector.broadcast(FLOATS, in[x + 128]).reinterpretAsShorts();
                    a1 = a0;
                    b0 = FloatVector.broadcast(FLOATS, in[x + 129]).reinterpretAsShorts();
                    b1 = b0;
                    c0 = FloatVector.broadcast(FLOATS, in[x + 130]).reinterpretAsShorts();
                    c1 = c0;
                    d0 = FloatVector.broadcast(FLOATS, in[x + 131]).reinterpretAsShorts();
                    d1 = d0;
                    e0 = FloatVector.broadcast(FLOATS, in[x + 132]).reinterpretAsShorts();
                    e1 = e0;
                    f0 = FloatVector.broadcast(FLOATS, in[x + 133]).reinterpretAsShorts();
                    f1 = f0;
                    g0 = FloatVector.broadcast(FLOATS, in[x + 134]).reinterpretAsShorts();
                    g1 = g0;
                    h0 = FloatVector.broadcast(FLOATS, in[x + 135]).reinterpretAsShorts();
                    h1 = h0;
                }
            }
        }
    }
}
