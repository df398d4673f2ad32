package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// A read-only matrix of weights, row-major `[rows][columns]`, in native or mapped memory (never on the heap:
/// kernels are compiled for one kind of memory). A vector is a matrix of one row.
///
/// Lives as long as the arena that owns `data`. Safe for use by many threads.
///
/// @param name    the tensor's name in the model file, for messages
/// @param rows    outputs of a matrix × vector product
/// @param columns inputs of a matrix × vector product; a multiple of the type's block size
/// @param data    exactly `rows × type.rowBytes(columns)` bytes
/// @param repacked the same weights once more, laid out as products read them; empty where they were not repacked
public record WeightMatrix(
        String name, TensorType type, int rows, int columns, MemorySegment data, MemorySegment repacked) {
    public WeightMatrix {
        long expected = rows * type.rowBytes(columns);
        if (rows <= 0 || columns <= 0 || columns % type.blockElements() != 0) {
            throw new IllegalArgumentException("Tensor '" + name + "' has shape [" + rows + "][" + columns
                    + "]; expected positive rows and a positive multiple of " + type.blockElements() + " columns for "
                    + type + ".");
        }
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("Tensor '" + name + "' has " + data.byteSize() + " bytes; expected "
                    + expected + " for " + type + " [" + rows + "][" + columns + "].");
        }
        if (!data.isNative()) {
            throw new IllegalArgumentException(
                    "Tensor '" + name + "' is on the heap; expected native or mapped memory.");
        }
        data = data.asReadOnly();
        repacked = repacked.asReadOnly();
    }

    /// A matrix as it stands in a file.
    public WeightMatrix(String name, TensorType type, int rows, int columns, MemorySegment data) {
        this(name, type, rows, columns, data, MemorySegment.NULL);
    }

    /// The matrix with its repacked twin.
    public WeightMatrix with(MemorySegment repacked) {
        return new WeightMatrix(name, type, rows, columns, data, repacked);
    }

    /// Bytes of one row.
    public long rowBytes() {
        return type.rowBytes(columns);
    }
}
