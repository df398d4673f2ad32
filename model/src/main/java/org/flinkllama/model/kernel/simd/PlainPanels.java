package org.flinkllama.model.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The formats without blocks.
final class PlainPanels {
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.COUNT * Short.SIZE));

    /// Moves the exponent of an f16 number, read as an f32 one, to where it belongs: 2 to the power of 127 − 15.
    private static final float REBIAS = 0x1p112f;

    private PlainPanels() {}

    static void decodeF32(MemorySegment data, long start, int count, float[] out, int offset) {
        for (int i = 0; i < count / PARTIAL_SUMS; i++) {
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                FloatVector.fromMemorySegment(Lanes.FLOATS, data, start + (i * PARTIAL_SUMS + part) * 4L, LITTLE_ENDIAN)
                        .intoArray(out, offset + i * PanelProducts.STRIDE + part);
            }
        }
    }

    static void decodeF16(MemorySegment data, long start, int count, float[] out, int offset) {
        for (int i = 0; i < count / PARTIAL_SUMS; i++) {
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                fromF16(ShortVector.fromMemorySegment(
                                SHORTS, data, start + (i * PARTIAL_SUMS + part) * 2L, LITTLE_ENDIAN))
                        .intoArray(out, offset + i * PanelProducts.STRIDE + part);
            }
        }
    }

    static void decodeBf16(MemorySegment data, long start, int count, float[] out, int offset) {
        for (int i = 0; i < count / PARTIAL_SUMS; i++) {
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                fromBf16(ShortVector.fromMemorySegment(
                                SHORTS, data, start + (i * PARTIAL_SUMS + part) * 2L, LITTLE_ENDIAN))
                        .intoArray(out, offset + i * PanelProducts.STRIDE + part);
            }
        }
    }

    /// Exact, subnormal numbers, infinities and NaN included.
    static FloatVector fromF16(ShortVector numbers) {
        IntVector bits = (IntVector) numbers.convertShape(VectorOperators.S2I, Lanes.INTS, 0);
        IntVector magnitude = bits.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
        VectorMask<Integer> infinite = magnitude.compare(VectorOperators.GE, 0x7C00 << 13);
        return magnitude
                .reinterpretAsFloats()
                .mul(REBIAS)
                .reinterpretAsInts()
                .lanewise(VectorOperators.OR, 0x7F800000, infinite)
                .or(bits.and(0x80000000))
                .reinterpretAsFloats();
    }

    static FloatVector fromBf16(ShortVector numbers) {
        return ((IntVector) numbers.convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats();
    }
}
