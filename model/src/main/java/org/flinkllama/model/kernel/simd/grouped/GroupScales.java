package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.grouped.GroupLanes.FLOATS;
import static org.flinkllama.model.kernel.simd.grouped.GroupLanes.HALVES;
import static org.flinkllama.model.kernel.simd.grouped.GroupLanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;

/// Scales and offsets of a chunk as f32, `[block][row of the vector]` with a distance of [#STRIDE] between blocks.
final class GroupScales {
    /// Two groups take turns.
    static final int STRIDE = 2 * GroupLanes.ROWS;

    // an f16 number's bits, sign-extended and shifted by 13, stand where those of an f32 number do, but for the
    // exponent's bias, which a product corrects, exactly for subnormal numbers too
    private static final int F16_BITS = 0x8FFFE000;
    private static final int F16_EXPONENT = 0x0F800000;
    private static final int NOT_FINITE = 0x70000000;
    private static final float BIAS = 0x1p112f;

    private GroupScales() {}

    /// Stores the f16 scales of `blocks` blocks, which begin at byte `at`.
    static void readF16(MemorySegment data, long at, int blocks, float[] scales, int offset) {
        for (int block = 0; block < blocks; block++) {
            IntVector bits = ((IntVector) ShortVector.fromMemorySegment(
                                    HALVES, data, at + (long) block * RowGroups.SCALE_BYTES, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.S2I, INTS, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(F16_BITS);
            bits.reinterpretAsFloats()
                    .mul(BIAS)
                    .reinterpretAsInts()
                    .blend(bits.or(NOT_FINITE), bits.and(F16_EXPONENT).compare(VectorOperators.EQ, F16_EXPONENT))
                    .reinterpretAsFloats()
                    .intoArray(scales, offset + block * STRIDE);
        }
    }

    /// Stores scales `d·s` and offsets `8·scale − dmin·m` of the eight blocks of Q4_K, whose six-bit numbers begin at
    /// byte `at`. `d` and `dmin` stand from `factors` in the array of that name, one vector behind the other
    // block's.
    static void readSixBits(
            MemorySegment data, long at, float[] factors, int factor, float[] scales, float[] offsets, int offset) {
        FloatVector scaleFactor = FloatVector.fromArray(FLOATS, factors, factor);
        FloatVector minimumFactor = FloatVector.fromArray(FLOATS, factors, factor + STRIDE);
        for (int block = 0; block < RowGroups.CHUNK_BLOCKS; block++) {
            IntVector both = (IntVector) ShortVector.fromMemorySegment(
                            HALVES, data, at + (long) block * RowGroups.SCALE_BYTES, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, INTS, 0);
            FloatVector scale =
                    ((FloatVector) both.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scaleFactor);
            FloatVector minimum = ((FloatVector)
                            both.lanewise(VectorOperators.LSHR, 8).convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(minimumFactor);
            scale.intoArray(scales, offset + block * STRIDE);
            scale.mul(8f).sub(minimum).intoArray(offsets, offset + block * STRIDE);
        }
    }
}
