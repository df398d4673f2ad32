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
import org.flinkllama.model.kernel.simd.vector.Halves;

/// Products of the rows of a vector with one token, in one pass over memory from a group's first line to its last:
/// sums of blocks are scaled and added while they stand in registers. What limits the speed
/// is the memory, as long as its lines are read in their order and a row is one loop: with the scales of eight blocks
/// ahead of their quants, or a call for every eight blocks, it is half.
///
/// Takes blocks by pairs: behind an odd number stands one of zeros, which changes no bit of a product.
final class OneToken {
    private static final int RECORD = PackedActivations.RECORD;
    private static final int SUPER_PAIRS = RowGroups.CHUNK_BLOCKS / 2;

    private OneToken() {}

    /// Computes the products of rows of Q4_0.
    ///
    /// @param start where the pairs of the group begin, for the vector's first row
    static void multiplyQ4x0(MemorySegment data, long start, int pairs, PackedActivations token, float[] products) {
        multiplyQ4x0(data, start, pairs, token.records(), token.scales(), products);
    }

    private static void multiplyQ4x0(
            MemorySegment data, long start, int pairs, float[] in, float[] factors, float[] products) {
        FloatVector product = FloatVector.zero(FLOATS);
        ShortVector zero = IntVector.zero(INTS).reinterpretAsShorts();
        for (int pair = 0; pair < pairs; pair++) {
            int x = pair * 2 * RECORD;
            long at = start + (long) pair * RowGroups.PAIR_BYTES;
            IntVector both = IntVector.fromMemorySegment(INTS, data, at, LITTLE_ENDIAN);
            IntVector half = both.lanewise(VectorOperators.LSHL, 16);
            // As Halves#fromUpperF16, which the compiler would not inline here.
            VectorMask<Integer> infinite = half.and(0x7C000000).compare(VectorOperators.EQ, 0x7C000000);
            FloatVector scale = half.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8FFFE000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, 0x7F800000, infinite)
                    .reinterpretAsFloats();
            ShortVector a = FloatVector.broadcast(FLOATS, in[x + 16]).reinterpretAsShorts();
            ShortVector b = zero;
            ShortVector c = zero;
            ShortVector d = zero;
            ShortVector w = IntVector.fromMemorySegment(INTS, data, at + 64, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            ShortVector q = FloatVector.broadcast(FLOATS, in[x]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 1]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 2]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 3]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 128, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 4]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 5]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 6]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 7]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 192, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 8]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 9]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 10]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 11]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 256, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 12]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 13]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 14]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 15]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            IntVector sum = a.add(b).add(c.add(d)).reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[pair * 2]), product);
            infinite = both.and(0x7C000000).compare(VectorOperators.EQ, 0x7C000000);
            scale = both.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8FFFE000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, 0x7F800000, infinite)
                    .reinterpretAsFloats();
            a = FloatVector.broadcast(FLOATS, in[x + 33]).reinterpretAsShorts();
            b = zero;
            c = zero;
            d = zero;
            w = IntVector.fromMemorySegment(INTS, data, at + 320, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 17]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 18]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 19]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 20]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 384, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 21]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 22]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 23]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 24]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 448, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 25]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 26]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 27]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 28]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 512, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 29]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 30]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, 4).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 31]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, 8).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 32]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, 12).mul(q).add(d);
            sum = a.add(b).add(c.add(d)).reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[pair * 2 + 1]), product);
        }
        product.intoArray(products, 0);
    }

    /// Computes the products of rows of Q4_K.
    ///
    /// @param start where the group begins, for the vector's first row
    static void multiplyQ4K(MemorySegment data, long start, int chunks, PackedActivations token, float[] products) {
        multiplyQ4K(data, start, chunks, token.records(), token.scales(), token.totals(), products);
    }

    private static void multiplyQ4K(
            MemorySegment data, long start, int chunks, float[] in, float[] factors, float[] totals, float[] products) {
        FloatVector product = FloatVector.zero(FLOATS);
        ShortVector zero = IntVector.zero(INTS).reinterpretAsShorts();
        ShortVector four = IntVector.broadcast(INTS, 0x00040004).reinterpretAsShorts();
        ShortVector eight = IntVector.broadcast(INTS, 0x00080008).reinterpretAsShorts();
        ShortVector twelve = IntVector.broadcast(INTS, 0x000C000C).reinterpretAsShorts();
        FloatVector scaleFactor = product;
        FloatVector minimumFactor = product;
        for (int pair = 0; pair < chunks * SUPER_PAIRS; pair++) {
            int x = pair * 2 * RECORD;
            long at = start + (long) pair * RowGroups.PAIR_BYTES + (pair / SUPER_PAIRS + 1) * (long) RowGroups.LINE;
            if (pair % SUPER_PAIRS == 0) {
                IntVector common = IntVector.fromMemorySegment(INTS, data, at - RowGroups.LINE, LITTLE_ENDIAN);
                scaleFactor = Halves.fromUpperF16(common.lanewise(VectorOperators.LSHL, 16));
                minimumFactor = Halves.fromUpperF16(common);
            }
            IntVector both = IntVector.fromMemorySegment(INTS, data, at, LITTLE_ENDIAN);
            FloatVector scale =
                    ((FloatVector) both.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scaleFactor);
            FloatVector offset = scale.mul(8f)
                    .sub(((FloatVector) both.lanewise(VectorOperators.LSHR, 8)
                                    .and(0xFF)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .mul(minimumFactor));
            ShortVector a = FloatVector.broadcast(FLOATS, in[x + 16]).reinterpretAsShorts();
            ShortVector b = zero;
            ShortVector c = zero;
            ShortVector d = zero;
            ShortVector w = IntVector.fromMemorySegment(INTS, data, at + 64, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            ShortVector q = FloatVector.broadcast(FLOATS, in[x]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 1]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 2]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 3]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 128, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 4]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 5]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 6]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 7]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 192, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 8]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 9]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 10]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 11]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 256, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 12]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 13]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 14]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 15]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            IntVector sum = a.add(b).add(c.add(d)).reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[pair * 2]), product);
            product = offset.fma(FloatVector.broadcast(FLOATS, totals[pair * 2]), product);
            scale = ((FloatVector) both.lanewise(VectorOperators.LSHR, 16)
                            .and(0xFF)
                            .convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(scaleFactor);
            offset = scale.mul(8f)
                    .sub(((FloatVector) both.lanewise(VectorOperators.LSHR, 24)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .mul(minimumFactor));
            a = FloatVector.broadcast(FLOATS, in[x + 33]).reinterpretAsShorts();
            b = zero;
            c = zero;
            d = zero;
            w = IntVector.fromMemorySegment(INTS, data, at + 320, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 17]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 18]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 19]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 20]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 384, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 21]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 22]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 23]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 24]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 448, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 25]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 26]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 27]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 28]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            w = IntVector.fromMemorySegment(INTS, data, at + 512, LITTLE_ENDIAN).reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 29]).reinterpretAsShorts();
            a = w.mul(q).add(a);
            q = FloatVector.broadcast(FLOATS, in[x + 30]).reinterpretAsShorts();
            b = w.lanewise(VectorOperators.LSHR, four).mul(q).add(b);
            q = FloatVector.broadcast(FLOATS, in[x + 31]).reinterpretAsShorts();
            c = w.lanewise(VectorOperators.LSHR, eight).mul(q).add(c);
            q = FloatVector.broadcast(FLOATS, in[x + 32]).reinterpretAsShorts();
            d = w.lanewise(VectorOperators.LSHR, twelve).mul(q).add(d);
            sum = a.add(b).add(c.add(d)).reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            product = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale.mul(factors[pair * 2 + 1]), product);
            product = offset.fma(FloatVector.broadcast(FLOATS, totals[pair * 2 + 1]), product);
        }
        product.intoArray(products, 0);
    }
}
