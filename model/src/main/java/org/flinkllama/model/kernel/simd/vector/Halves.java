package org.flinkllama.model.kernel.simd.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Numbers of 16 bits as vectors, as many as a vector of f32 has, and what they are worth as f32.
public final class Halves {
    public static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.COUNT * Short.SIZE));

    /// Moves the exponent of an f16 number, read as an f32 one, to where it belongs: 2 to the power of 127 − 15.
    private static final float REBIAS = 0x1p112f;

    private Halves() {}

    /// Exact, subnormal numbers, infinities and NaN included.
    public static FloatVector fromF16(ShortVector numbers) {
        return fromUpperF16(((IntVector) numbers.convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                .lanewise(VectorOperators.LSHL, 16));
    }

    /// As [#fromF16], of the numbers in the upper halves of ints.
    public static FloatVector fromUpperF16(IntVector numbers) {
        VectorMask<Integer> infinite = numbers.and(0x7C000000).compare(VectorOperators.EQ, 0x7C000000);
        return numbers.lanewise(VectorOperators.ASHR, 3)
                .and(0x8FFFE000)
                .reinterpretAsFloats()
                .mul(REBIAS)
                .reinterpretAsInts()
                .lanewise(VectorOperators.OR, 0x7F800000, infinite)
                .reinterpretAsFloats();
    }

    public static FloatVector fromBf16(ShortVector numbers) {
        return ((IntVector) numbers.convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats();
    }
}
