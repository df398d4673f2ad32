package org.flinkllama.model.kernel.simd.row;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.tensor.WeightMatrix;

/// Four F16 rows × 1, 2 or 4 tokens, on vectors of sixteen. The number of columns is a multiple of sixteen. The
/// loops are written out because the compiler keeps accumulators in registers only if they are variables of one
/// method.
///
/// The bits of a number are moved to where f32 has them; a factor corrects the exponent, exactly, of subnormal
/// numbers too. Infinities and NaN get the highest exponent.
final class F16RowProducts {
    private static final float REBIAS = 0x1p112f; // 2 to the power of 127 − 15
    private static final int SIGN_AND_MAGNITUDE = 0x8FFFE000;
    private static final int EXPONENT = 0x1F << 23;
    private static final int INFINITE = 0xFF << 23;

    private F16RowProducts() {}

    /// Stores the partial sums of four rows × `tokens` tokens, `[row][token][16]`, in `sums` from `sum`.
    ///
    /// @param in the tokens, from `at`, as [TokenGroups] has them
    static void fourRows(
            WeightMatrix weights, int row, int distance, int tokens, float[] in, int at, float[] sums, int sum) {
        MemorySegment data = weights.data();
        long first = row * weights.rowBytes();
        long stride = distance * weights.rowBytes();
        int blocks = weights.columns() / PARTIAL_SUMS;
        switch (tokens) {
            case 1 -> one(data, first, stride, blocks, in, at, sums, sum);
            case 2 -> two(data, first, stride, blocks, in, at, sums, sum);
            case 4 -> four(data, first, stride, blocks, in, at, sums, sum);
            default -> throw new IllegalArgumentException("A group has " + tokens + " tokens; expected 1, 2 or 4.");
        }
    }

    private static void one(
            MemorySegment data, long row0, long stride, int blocks, float[] in, int at, float[] sums, int sum) {
        long row1 = row0 + stride;
        long row2 = row1 + stride;
        long row3 = row2 + stride;
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        for (int block = 0; block < blocks; block++) {
            long offset = (long) block * PARTIAL_SUMS * Short.BYTES;
            int x = at + block * 16;
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, in, x);
            IntVector bits = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row0 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            a0 = bits.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats()
                    .fma(numbers, a0);
            bits = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row1 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            a1 = bits.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats()
                    .fma(numbers, a1);
            bits = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row2 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            a2 = bits.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats()
                    .fma(numbers, a2);
            bits = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row3 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            a3 = bits.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats()
                    .fma(numbers, a3);
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
            long offset = (long) block * PARTIAL_SUMS * Short.BYTES;
            int x = at + block * 32;
            IntVector bits0 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row0 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            IntVector bits1 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row1 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            IntVector bits2 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row2 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            IntVector bits3 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row3 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            FloatVector w0 = bits0.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits0.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
            FloatVector w1 = bits1.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits1.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
            FloatVector w2 = bits2.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits2.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
            FloatVector w3 = bits3.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits3.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
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
            long offset = (long) block * PARTIAL_SUMS * Short.BYTES;
            int x = at + block * 64;
            IntVector bits0 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row0 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            IntVector bits1 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row1 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            IntVector bits2 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row2 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            IntVector bits3 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, row3 + offset, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(SIGN_AND_MAGNITUDE);
            FloatVector w0 = bits0.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits0.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
            FloatVector w1 = bits1.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits1.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
            FloatVector w2 = bits2.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits2.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
            FloatVector w3 = bits3.reinterpretAsFloats()
                    .mul(REBIAS)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.OR, INFINITE, bits3.and(EXPONENT).compare(VectorOperators.EQ, EXPONENT))
                    .reinterpretAsFloats();
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
