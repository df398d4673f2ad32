package org.flinkllama.model.kernel.simd.grouped;

import java.lang.foreign.MemorySegment;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.tensor.TensorType;

/// Scales and offsets of one chunk of two groups, read once for all its tokens.
final class GroupChunk {
    private static final int NUMBERS = RowGroups.CHUNK_BLOCKS * GroupScales.STRIDE;

    private final float[] scales = new float[NUMBERS];
    private final float[] offsets = new float[NUMBERS];

    float[] scales() {
        return scales;
    }

    float[] offsets() {
        return offsets;
    }

    /// @param at    where the chunk of the group begins, for the vector's first row
    /// @param group 0 or 1
    void read(TensorType type, MemorySegment data, long at, int blocks, int group) {
        if (type == TensorType.Q4_0) {
            GroupScales.readF16(data, at, blocks, scales, group * Lanes.COUNT);
        } else {
            GroupScales.readSixBits(data, at, scales, offsets, group * Lanes.COUNT);
        }
    }
}
