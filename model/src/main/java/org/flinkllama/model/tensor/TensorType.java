package org.flinkllama.model.tensor;

/// A storage format of weights. Codes and block layouts are those of GGUF (ggml `ggml_type`, `ggml-common.h`).
///
/// A block holds [#blockElements()] consecutive elements of one row in [#blockBytes()] bytes.
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    private final int code;
    private final int blockElements;
    private final int blockBytes;

    TensorType(int code, int blockElements, int blockBytes) {
        this.code = code;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /// Number that stands for this type in a GGUF file.
    public int code() {
        return code;
    }

    /// Elements of one block.
    public int blockElements() {
        return blockElements;
    }

    /// Bytes of one block.
    public int blockBytes() {
        return blockBytes;
    }

    /// Bytes of a row of `columns` elements; `columns` must be a multiple of [#blockElements()].
    public long rowBytes(long columns) {
        return columns / blockElements * blockBytes;
    }
}
