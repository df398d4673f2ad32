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
import org.flinkllama.model.kernel.simd.vector.Halves;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Scales and offsets of a chunk as f32, `[block][row of the vector]` with a distance of [#STRIDE] between blocks.
final class GroupScales {
    /// Two groups take turns.
    static final int STRIDE = 2 * Lanes.COUNT;

    private GroupScales() {}

    /// Stores the f16 scales of `blocks` blocks, which begin at byte `at`.
    static void readF16(MemorySegment data, long at, int blocks, float[] scales, int offset) {
        for (int block = 0; block < blocks; block++) {
            long number = at + (long) block * RowGroups.SCALE_BYTES;
            Halves.fromF16(ShortVector.fromMemorySegment(Halves.SHORTS, data, number, LITTLE_ENDIAN))
                    .intoArray(scales, offset + block * STRIDE);
        }
    }

    /// Stores scales `d·s` and offsets `8·scale − dmin·m` of the eight blocks of Q4_K, whose six-bit numbers begin
    /// at byte `at`. `d` and `dmin` stand from `factors` in the array of that name, one vector behind the other
    // block's.
    static void readSixBits(
            MemorySegment data, long at, float[] factors, int factor, float[] scales, float[] offsets, int offset) {
        FloatVector scaleFactor = FloatVector.fromArray(FLOATS, factors, factor);
        FloatVector minimumFactor = FloatVector.fromArray(FLOATS, factors, factor + STRIDE);
        for (int block = 0; block < RowGroups.CHUNK_BLOCKS; block++) {
            IntVector both = (IntVector) ShortVector.fromMemorySegment(
                            Halves.SHORTS, data, at + (long) block * RowGroups.SCALE_BYTES, LITTLE_ENDIAN)
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
