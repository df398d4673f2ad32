package org.flinkllama.model.gguf;

import java.util.List;
import org.flinkllama.model.tensor.TensorType;

/// A tensor that a file is going to hold.
///
/// @param dimensions one to four positive numbers, fastest first; the first a multiple of the type's block size
public record TensorPlan(String name, TensorType type, List<Long> dimensions) {
    public TensorPlan {
        dimensions = List.copyOf(dimensions);
        boolean positive = dimensions.stream().allMatch(dimension -> dimension > 0);
        if (!positive || dimensions.isEmpty() || dimensions.getFirst() % type.blockElements() != 0) {
            throw new IllegalArgumentException("Tensor '" + name + "' is planned as " + type + " " + dimensions
                    + "; expected positive dimensions, the first a multiple of " + type.blockElements() + ".");
        }
    }

    public static TensorPlan vector(String name, TensorType type, long length) {
        return new TensorPlan(name, type, List.of(length));
    }

    public static TensorPlan matrix(String name, TensorType type, long rows, long columns) {
        return new TensorPlan(name, type, List.of(columns, rows));
    }

    /// Elements of one row.
    public long columns() {
        return dimensions.getFirst();
    }

    /// Rows of all dimensions but the first together.
    public long rows() {
        return dimensions.stream().skip(1).reduce(1L, Math::multiplyExact);
    }

    /// Bytes of the whole tensor.
    public long bytes() {
        return Math.multiplyExact(rows(), type.rowBytes(columns()));
    }
}
