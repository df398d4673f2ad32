package org.flinkllama.model.kernel.grouped;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrices whose weights are laid out anew before they are multiplied: [RowGroups] and [RowQuartets].
public final class Repacking {
    /// Bytes of a cache line, with which a layout begins.
    public static final int LINE = 64;

    private Repacking() {}

    /// Whether matrices of a type are multiplied in another layout than the file's.
    public static boolean support(TensorType type) {
        return RowGroups.support(type) || RowQuartets.support(type);
    }

    /// Bytes that a matrix takes in its other layout; 0 if it has none.
    public static long bytes(WeightMatrix weights) {
        if (RowGroups.support(weights.type())) {
            return RowGroups.bytes(weights);
        }
        return RowQuartets.support(weights.type()) ? RowQuartets.bytes(weights) : 0;
    }

    /// Parts of a matrix that are packed each by itself.
    public static int parts(WeightMatrix weights) {
        return RowGroups.support(weights.type()) ? RowGroups.count(weights.rows()) : RowQuartets.count(weights.rows());
    }

    /// Packs a part.
    ///
    /// @param target of [#bytes], zeros where the part is to stand
    public static void pack(WeightMatrix weights, int part, MemorySegment target) {
        TensorType type = weights.type();
        if (RowGroups.support(type)) {
            RowGroups.pack(weights, part, target, part * RowGroups.groupBytes(type, weights.columns()));
        } else {
            RowQuartets.pack(weights, part, target, part * RowQuartets.quartetBytes(weights.columns()));
        }
    }

    /// The matrix with its other layout; itself if it has none.
    ///
    /// @param arena owns the new layout
    public static WeightMatrix pack(WeightMatrix weights, Arena arena) {
        if (!support(weights.type())) {
            return weights;
        }
        MemorySegment target = arena.allocate(bytes(weights), LINE);
        for (int part = 0; part < parts(weights); part++) {
            pack(weights, part, target);
        }
        return weights.with(target);
    }
}
