package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// Turns stored rows into f32, bit for bit as ggml's reference does: every product and sum is rounded to f32 on its
/// own, in the order that the formulas of each format show; nothing is fused. This is the definition of what a stored
/// weight is worth; kernels are checked against it.
public final class RowDecoder {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Decodes the block at byte `at` of `data` to `out[offset…]`.
    private interface BlockDecoder {
        void decode(MemorySegment data, long at, float[] out, int offset);
    }

    private RowDecoder() {}

    /// Decodes a whole row to `out[offset…offset + columns)`.
    public static void decode(WeightMatrix weights, int row, float[] out, int offset) {
        decodeRange(weights, row, 0, weights.columns(), out, offset);
    }

    /// Decodes columns `first…first + count` of a row to `out[offset…offset + count)`. `first` and `count` are
    /// multiples of the type's block size.
    public static void decode(WeightMatrix weights, int row, int first, int count, float[] out, int offset) {
        int blockElements = weights.type().blockElements();
        if (first % blockElements != 0 || count % blockElements != 0) {
            throw new IllegalArgumentException("Columns " + first + " to " + ((long) first + count) + " of tensor '"
                    + weights.name() + "' cut a block; expected multiples of " + blockElements + ".");
        }
        decodeRange(weights, row, first, count, out, offset);
    }

    private static void decodeRange(WeightMatrix weights, int row, int first, int count, float[] out, int offset) {
        Objects.checkIndex(row, weights.rows());
        Objects.checkFromIndexSize(first, count, weights.columns());
        Objects.checkFromIndexSize(offset, count, out.length);
        MemorySegment data = weights.data();
        long at = row * weights.rowBytes() + weights.type().rowBytes(first);
        switch (weights.type()) {
            case F32 -> PlainFloats.decodeF32(data, at, count, out, offset);
            case F16 -> PlainFloats.decodeF16(data, at, count, out, offset);
            case BF16 -> PlainFloats.decodeBf16(data, at, count, out, offset);
            case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> {
                TensorType type = weights.type();
                BlockDecoder decoder = blockDecoder(type);
                for (int end = offset + count; offset < end; offset += type.blockElements()) {
                    decoder.decode(data, at, out, offset);
                    at += type.blockBytes();
                }
            }
        }
    }

    private static BlockDecoder blockDecoder(TensorType type) {
        return switch (type) {
            case Q8_0 -> SmallBlocks::decodeQ8x0;
            case Q4_0 -> SmallBlocks::decodeQ4x0;
            case Q4_1 -> SmallBlocks::decodeQ4x1;
            case Q5_0 -> SmallBlocks::decodeQ5x0;
            case Q5_1 -> SmallBlocks::decodeQ5x1;
            case Q2_K -> SuperBlocks::decodeQ2K;
            case Q3_K -> SuperBlocks::decodeQ3K;
            case Q4_K -> SuperBlocks::decodeQ4K;
            case Q5_K -> SuperBlocks::decodeQ5K;
            case Q6_K -> SuperBlocks::decodeQ6K;
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks.");
        };
    }

    /// The f16 number at byte `at`.
    static float f16(MemorySegment data, long at) {
        return Float.float16ToFloat(data.get(SHORT, at));
    }

    /// The unsigned byte at `at`.
    static int u8(MemorySegment data, long at) {
        return data.get(BYTE, at) & 0xFF;
    }
}
