package org.flinkllama.model.gguf;

import java.lang.foreign.MemorySegment;
import org.flinkllama.model.tensor.TensorType;

/// One tensor of a model file. Lives as long as the arena that the file was opened with.
///
/// @param dimensions one to four, fastest first: `[columns, rows, …]`
/// @param data       the read-only slice of the mapped file that holds exactly this tensor
public record GgufTensor(String name, TensorType type, long[] dimensions, MemorySegment data) {
    public GgufTensor {
        dimensions = dimensions.clone();
        data = data.asReadOnly();
    }

    @Override
    public long[] dimensions() {
        return dimensions.clone();
    }
}
