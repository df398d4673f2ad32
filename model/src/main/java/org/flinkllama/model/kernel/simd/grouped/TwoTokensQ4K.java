package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Products of the rows of a vector of two groups of Q4_K with two tokens, as [TwoTokensQ4x0] has those of Q4_0.
final class TwoTokensQ4K {
    private static final int RECORD = PackedActivations.SMALL_SET * PackedActivations.RECORD;

    private TwoTokensQ4K() {}

    /// Computes the products, `[token][group][row of the vector]`.
    ///
    /// @param first  where the first group begins, for the vector's first row, `second` the other
    /// @param commons what super-blocks have in common, as [GroupScales] stores it
    /// @param record of the set's first block
    /// @param factor where the scales of the set's first token begin
    static void multiply(
            MemorySegment data,
            long first,
            long second,
            int blocks,
            float[] commons,
            PackedActivations tokens,
            int record,
            int factor,
            float[] products) {
        multiply(
                data,
                first,
                second,
                blocks,
                commons,
                tokens.records(),
                record,
                tokens.scales(),
                tokens.totals(),
                factor,
                products);
    }

    private static void multiply(
            MemorySegment data,
            long first,
            long second,
            int blocks,
            float[] commons,
            float[] in,
            int record,
            float[] factors,
            float[] totals,
            int factor,
            float[] products) {
        ShortVector four = IntVector.broadcast(INTS, 0x00040004).reinterpretAsShorts();
        ShortVector eight = IntVector.broadcast(INTS, 0x00080008).reinterpretAsShorts();
        ShortVector twelve = IntVector.broadcast(INTS, 0x000C000C).reinterpretAsShorts();
        FloatVector productA0 = FloatVector.zero(FLOATS);
        FloatVector productA1 = FloatVector.zero(FLOATS);
        FloatVector productB0 = FloatVector.zero(FLOATS);
        FloatVector productB1 = FloatVector.zero(FLOATS);
        long pair = 0;
        for (int block = 0; block < blocks; block++) {
            int x = record + block * RECORD;
            if (block % RowGroups.CHUNK_BLOCKS == 0) {
                pair += RowGroups.LINE;
            }
            long at = pair + RowGroups.LINE + (block & 1) * RowGroups.QUANT_BYTES;
            ShortVector a0 = FloatVector.broadcast(FLOATS, in[x + 32]).reinterpretAsShorts();
            ShortVector b0 = FloatVector.broadcast(FLOATS, in[x + 33]).reinterpretAsShorts();
            ShortVector a1 = a0;
            ShortVector b1 = b0;
            ShortVector w0 = IntVector.fromMemorySegment(INTS, data, first + at, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            ShortVector w1 = IntVector.fromMemorySegment(INTS, data, second + at, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            ShortVector q = FloatVector.broadcast(FLOATS, in[x]).reinterpretAsShorts();
            a0 = w0.mul(q).add(a0);
            a1 = w1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 1]).reinterpretAsShorts();
            b0 = w0.mul(q).add(b0);
            b1 = w1.mul(q).add(b1);
            ShortVector v0 = w0.lanewise(VectorOperators.LSHR, four);
            ShortVector v1 = w1.lanewise(VectorOperators.LSHR, four);
            q = FloatVector.broadcast(FLOATS, in[x + 2]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 3]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, eight);
            v1 = w1.lanewise(VectorOperators.LSHR, eight);
            q = FloatVector.broadcast(FLOATS, in[x + 4]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 5]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, twelve);
            v1 = w1.lanewise(VectorOperators.LSHR, twelve);
            q = FloatVector.broadcast(FLOATS, in[x + 6]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 7]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            w0 = IntVector.fromMemorySegment(INTS, data, first + at + 64, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            w1 = IntVector.fromMemorySegment(INTS, data, second + at + 64, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 8]).reinterpretAsShorts();
            a0 = w0.mul(q).add(a0);
            a1 = w1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 9]).reinterpretAsShorts();
            b0 = w0.mul(q).add(b0);
            b1 = w1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, four);
            v1 = w1.lanewise(VectorOperators.LSHR, four);
            q = FloatVector.broadcast(FLOATS, in[x + 10]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 11]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, eight);
            v1 = w1.lanewise(VectorOperators.LSHR, eight);
            q = FloatVector.broadcast(FLOATS, in[x + 12]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 13]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, twelve);
            v1 = w1.lanewise(VectorOperators.LSHR, twelve);
            q = FloatVector.broadcast(FLOATS, in[x + 14]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 15]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            w0 = IntVector.fromMemorySegment(INTS, data, first + at + 128, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            w1 = IntVector.fromMemorySegment(INTS, data, second + at + 128, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 16]).reinterpretAsShorts();
            a0 = w0.mul(q).add(a0);
            a1 = w1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 17]).reinterpretAsShorts();
            b0 = w0.mul(q).add(b0);
            b1 = w1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, four);
            v1 = w1.lanewise(VectorOperators.LSHR, four);
            q = FloatVector.broadcast(FLOATS, in[x + 18]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 19]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, eight);
            v1 = w1.lanewise(VectorOperators.LSHR, eight);
            q = FloatVector.broadcast(FLOATS, in[x + 20]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 21]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, twelve);
            v1 = w1.lanewise(VectorOperators.LSHR, twelve);
            q = FloatVector.broadcast(FLOATS, in[x + 22]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 23]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            w0 = IntVector.fromMemorySegment(INTS, data, first + at + 192, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            w1 = IntVector.fromMemorySegment(INTS, data, second + at + 192, LITTLE_ENDIAN)
                    .reinterpretAsShorts();
            q = FloatVector.broadcast(FLOATS, in[x + 24]).reinterpretAsShorts();
            a0 = w0.mul(q).add(a0);
            a1 = w1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 25]).reinterpretAsShorts();
            b0 = w0.mul(q).add(b0);
            b1 = w1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, four);
            v1 = w1.lanewise(VectorOperators.LSHR, four);
            q = FloatVector.broadcast(FLOATS, in[x + 26]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 27]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, eight);
            v1 = w1.lanewise(VectorOperators.LSHR, eight);
            q = FloatVector.broadcast(FLOATS, in[x + 28]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 29]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            v0 = w0.lanewise(VectorOperators.LSHR, twelve);
            v1 = w1.lanewise(VectorOperators.LSHR, twelve);
            q = FloatVector.broadcast(FLOATS, in[x + 30]).reinterpretAsShorts();
            a0 = v0.mul(q).add(a0);
            a1 = v1.mul(q).add(a1);
            q = FloatVector.broadcast(FLOATS, in[x + 31]).reinterpretAsShorts();
            b0 = v0.mul(q).add(b0);
            b1 = v1.mul(q).add(b1);
            int common = block / RowGroups.CHUNK_BLOCKS * GroupScales.CHUNK;
            IntVector six = IntVector.fromMemorySegment(INTS, data, first + pair, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.LSHR, (block & 1) * 16);
            FloatVector scale0 = ((FloatVector) six.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(FloatVector.fromArray(FLOATS, commons, common));
            FloatVector offset0 = scale0.mul(8f)
                    .sub(((FloatVector) six.lanewise(VectorOperators.LSHR, 8)
                                    .and(0xFF)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .mul(FloatVector.fromArray(FLOATS, commons, common + Lanes.COUNT)));
            six = IntVector.fromMemorySegment(INTS, data, second + pair, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.LSHR, (block & 1) * 16);
            FloatVector scale1 = ((FloatVector) six.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(FloatVector.fromArray(FLOATS, commons, common + 2 * Lanes.COUNT));
            FloatVector offset1 = scale1.mul(8f)
                    .sub(((FloatVector) six.lanewise(VectorOperators.LSHR, 8)
                                    .and(0xFF)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .mul(FloatVector.fromArray(FLOATS, commons, common + 3 * Lanes.COUNT)));
            IntVector sum = a0.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            productA0 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale0.mul(factors[factor + block]), productA0);
            productA0 = offset0.fma(FloatVector.broadcast(FLOATS, totals[factor + block]), productA0);
            sum = a1.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            productA1 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale1.mul(factors[factor + block]), productA1);
            productA1 = offset1.fma(FloatVector.broadcast(FLOATS, totals[factor + block]), productA1);
            sum = b0.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            productB0 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale0.mul(factors[factor + blocks + block]), productB0);
            productB0 = offset0.fma(FloatVector.broadcast(FLOATS, totals[factor + blocks + block]), productB0);
            sum = b1.reinterpretAsInts();
            sum = sum.lanewise(VectorOperators.LSHL, 16).add(sum).lanewise(VectorOperators.ASHR, 16);
            productB1 = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(scale1.mul(factors[factor + blocks + block]), productB1);
            productB1 = offset1.fma(FloatVector.broadcast(FLOATS, totals[factor + blocks + block]), productB1);
            pair += (block & 1) * RowGroups.PAIR_BYTES;
        }
        productA0.intoArray(products, 0);
        productA1.intoArray(products, Lanes.COUNT);
        productB0.intoArray(products, 2 * Lanes.COUNT);
        productB1.intoArray(products, 3 * Lanes.COUNT);
    }
}
