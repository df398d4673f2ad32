package org.flinkllama.model.kernel.simd.panel;

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
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// The formats without blocks.
final class PlainPanels {
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.COUNT * Short.SIZE));

    /// Moves the exponent of an f16 number, read as an f32 one, to where it belongs: 2 to the power of 127 − 15.
    private static final float REBIAS = 0x1p112f;

    private PlainPanels() {}

    static void decodeF32(MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = block * PARTIAL_SUMS * 4L;
            int target = offset + block * PanelProducts.STRIDE;
            f32(data, r0 + at, out, target);
            f32(data, r1 + at, out, target + 16);
            f32(data, r2 + at, out, target + 32);
            f32(data, r3 + at, out, target + 48);
        }
    }

    private static void f32(MemorySegment data, long at, float[] out, int offset) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            FloatVector.fromMemorySegment(Lanes.FLOATS, data, at + part * 4L, LITTLE_ENDIAN)
                    .intoArray(out, offset + part);
        }
    }

    static void decodeF16(MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = block * PARTIAL_SUMS * 2L;
            int target = offset + block * PanelProducts.STRIDE;
            f16(data, r0 + at, out, target);
            f16(data, r1 + at, out, target + 16);
            f16(data, r2 + at, out, target + 32);
            f16(data, r3 + at, out, target + 48);
        }
    }

    private static void f16(MemorySegment data, long at, float[] out, int offset) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            fromF16(ShortVector.fromMemorySegment(SHORTS, data, at + part * 2L, LITTLE_ENDIAN))
                    .intoArray(out, offset + part);
        }
    }

    static void decodeBf16(
            MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = block * PARTIAL_SUMS * 2L;
            int target = offset + block * PanelProducts.STRIDE;
            bf16(data, r0 + at, out, target);
            bf16(data, r1 + at, out, target + 16);
            bf16(data, r2 + at, out, target + 32);
            bf16(data, r3 + at, out, target + 48);
        }
    }

    private static void bf16(MemorySegment data, long at, float[] out, int offset) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            fromBf16(ShortVector.fromMemorySegment(SHORTS, data, at + part * 2L, LITTLE_ENDIAN))
                    .intoArray(out, offset + part);
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
