package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Halves;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.tensor.TensorType;

/// Scales and offsets of a chunk as f32, `[block][row of the vector]` with a distance of [#STRIDE] between blocks.
final class GroupScales {
    /// Two groups take turns.
    static final int STRIDE = 2 * Lanes.COUNT;

    /// Numbers of a chunk of what its super-blocks have in common.
    static final int CHUNK = 4 * Lanes.COUNT;

    private GroupScales() {}

    /// Stores `d` and `dmin` of the super-blocks of Q4_K, `[chunk][group][d, dmin][row of the vector]`.
    ///
    /// @param first where the first group begins, for the vector's first row, `second` the other
    static void readCommons(MemorySegment data, long first, long second, int chunks, float[] commons) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            long at = chunk * (long) RowGroups.chunkBytes(TensorType.Q4_K);
            readCommon(data, first + at, commons, chunk * CHUNK);
            readCommon(data, second + at, commons, chunk * CHUNK + 2 * Lanes.COUNT);
        }
    }

    private static void readCommon(MemorySegment data, long at, float[] commons, int offset) {
        IntVector both = IntVector.fromMemorySegment(INTS, data, at, LITTLE_ENDIAN);
        Halves.fromUpperF16(both.lanewise(VectorOperators.LSHL, 16)).intoArray(commons, offset);
        Halves.fromUpperF16(both).intoArray(commons, offset + Lanes.COUNT);
    }

    /// Stores the f16 scales of `blocks` blocks, whose pairs begin at byte `at`.
    static void readF16(MemorySegment data, long at, int blocks, float[] scales, int offset) {
        for (int block = 0; block < blocks; block += 2) {
            IntVector both =
                    IntVector.fromMemorySegment(INTS, data, at + block / 2 * RowGroups.PAIR_BYTES, LITTLE_ENDIAN);
            Halves.fromUpperF16(both.lanewise(VectorOperators.LSHL, 16)).intoArray(scales, offset + block * STRIDE);
            Halves.fromUpperF16(both).intoArray(scales, offset + (block + 1) * STRIDE);
        }
    }

    /// Stores scales `d·s` and offsets `8·scale − dmin·m` of the eight blocks of Q4_K, whose chunk begins at byte
    /// `at`.
    static void readSixBits(MemorySegment data, long at, float[] scales, float[] offsets, int offset) {
        IntVector factors = IntVector.fromMemorySegment(INTS, data, at, LITTLE_ENDIAN);
        FloatVector scaleFactor = Halves.fromUpperF16(factors.lanewise(VectorOperators.LSHL, 16));
        FloatVector minimumFactor = Halves.fromUpperF16(factors);
        for (int block = 0; block < RowGroups.CHUNK_BLOCKS; block++) {
            long pair = at + RowGroups.LINE + block / 2 * RowGroups.PAIR_BYTES;
            IntVector both = IntVector.fromMemorySegment(INTS, data, pair, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.LSHR, block % 2 * 16);
            FloatVector scale =
                    ((FloatVector) both.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scaleFactor);
            FloatVector minimum = ((FloatVector) both.lanewise(VectorOperators.LSHR, 8)
                            .and(0xFF)
                            .convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(minimumFactor);
            scale.intoArray(scales, offset + block * STRIDE);
            scale.mul(8f).sub(minimum).intoArray(offsets, offset + block * STRIDE);
        }
    }
}
