package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Products of the rows of a vector of Q4_0 with four tokens, in one pass over a group as [OneToken] does it. Four use
/// what is read from memory well, and their sums and products fit the registers; more tokens pass again over the
/// group, which stands in the cache then.
///
/// Lanes start at −8 times the sum of the activations, as [UnpackedTile] says.
final class FourTokensQ4x0 {
    private static final int RECORD = PackedActivations.SMALL_SET * PackedActivations.RECORD;

    private FourTokensQ4x0() {}

    /// Computes the products, `[token][row of the vector]`.
    ///
    /// @param start  where the pairs of the group begin, for the vector's first row
    /// @param record of the set's first block
    /// @param factor where the scales of the set's first token begin
    static void multiply(
            MemorySegment data,
            long start,
            int blocks,
            PackedActivations tokens,
            int record,
            int factor,
            float[] products) {
        multiply(data, start, blocks, tokens.records(), record, tokens.scales(), factor, products);
    }

    private static void multiply(
            MemorySegment data,
            long start,
            int blocks,
            float[] in,
            int record,
            float[] factors,
            int factor,
            float[] products) {
        FloatVector product0 = FloatVector.zero(FLOATS);
        FloatVector product1 = FloatVector.zero(FLOATS);
        FloatVector product2 = FloatVector.zero(FLOATS);
        FloatVector product3 = FloatVector.zero(FLOATS);
        for (int block = 0; block < blocks; block++) {
            int x = record + block * RECORD;
            long pair = start + (long) (block >> 1) * RowGroups.PAIR_BYTES;
            long at = pair + RowGroups.LINE + (block & 1) * RowGroups.QUANT_BYTES;
            IntVector half = IntVector.fromMemorySegment(INTS, data, pair, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.LSHL, 16 - (block & 1) * 16);
            // As Halves#fromUpperF16, which the compiler would not inline here.
            VectorMask<Integer> infinite = half.and(0x7C000000).compare(VectorOperators.EQ, 0x7C000000);
            FloatVector scale = half.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8FFFE000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, 0x7F800000, infinite)
                    .reinterpretAsFloats();
            ShortVector a = FloatVector.broadcast(FLOATS, in[x + 64]).reinterpretAsShorts();
            ShortVector b = FloatVector.broadcast(FLOATS, in[x + 65]).reinterpretAsShorts();
            ShortVector c = FloatVector.broadcast(FLOATS, in[x + 66]).reinterpretAsShorts();
            ShortVector d = FloatVector.broadcast(FLOATS, in[x + 67]).reinterpretAsShorts();
            ShortVector w =
                    IntVector.fromMemorySegment(INTS, data, at, LITTLE_ENDIAN).reinterpretAsShorts();
            ShortVector q = FloatVector.broadcast(FLOATS, in[x]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 1]).reinterpretAsShorts();
            b = w.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 2]).reinterpretAsShorts();
            c = w.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 3]).reinterpretAsShorts();
            d = w.mul(q).add(d);
            ShortVector v = w.lanewise(VectorOperators.LSHR, 4);
            q = FloatVector.broadcast(FLOATS, in[x + 4]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 5]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 6]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 7]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 8);
            q = FloatVector.broadcast(FLOATS, in[x + 8]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 9]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 10]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 11]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 12);
            q = FloatVector.broadcast(FLOATS, in[x + 12]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 13]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 14]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 15]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 64, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 16]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 17]).reinterpretAsShorts();
            b = w.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 18]).reinterpretAsShorts();
            c = w.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 19]).reinterpretAsShorts();
            d = w.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 4);
            q = FloatVector.broadcast(FLOATS, in[x + 20]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 21]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 22]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 23]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 8);
            q = FloatVector.broadcast(FLOATS, in[x + 24]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 25]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 26]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 27]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 12);
            q = FloatVector.broadcast(FLOATS, in[x + 28]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 29]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 30]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 31]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 128, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 32]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 33]).reinterpretAsShorts();
            b = w.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 34]).reinterpretAsShorts();
            c = w.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 35]).reinterpretAsShorts();
            d = w.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 4);
            q = FloatVector.broadcast(FLOATS, in[x + 36]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 37]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 38]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 39]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 8);
            q = FloatVector.broadcast(FLOATS, in[x + 40]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 41]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 42]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 43]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 12);
            q = FloatVector.broadcast(FLOATS, in[x + 44]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 45]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 46]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 47]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 192, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 48]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 49]).reinterpretAsShorts();
            b = w.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 50]).reinterpretAsShorts();
            c = w.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 51]).reinterpretAsShorts();
            d = w.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 4);
            q = FloatVector.broadcast(FLOATS, in[x + 52]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 53]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 54]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 55]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 8);
            q = FloatVector.broadcast(FLOATS, in[x + 56]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 57]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 58]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 59]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            v = w.lanewise(VectorOperators.LSHR, 12);
            q = FloatVector.broadcast(FLOATS, in[x + 60]).reinterpretAsShorts();
            a = v.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 61]).reinterpretAsShorts();
            b = v.mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 62]).reinterpretAsShorts();
            c = v.mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 63]).reinterpretAsShorts();
            d = v.mul(q).add(d);
            IntVector sum = a.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product0 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[factor + block]), product0);
            sum = b.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product1 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[factor + blocks + block]), product1);
            sum = c.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product2 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[factor + 2 * blocks + block]), product2);
            sum = d.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product3 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[factor + 3 * blocks + block]), product3);
        }
        product0.intoArray(products, 0);
        product1.intoArray(products, Lanes.COUNT);
        product2.intoArray(products, 2 * Lanes.COUNT);
        product3.intoArray(products, 3 * Lanes.COUNT);
    }
}
