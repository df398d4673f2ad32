package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// Turns rows of f32 into a storage format; the other direction of [RowDecoder]. The formats of 32 elements round as
/// ggml's reference does; for the formats of 256 elements a search picks scales of small squared error
/// ([SuperBlockFit]). Values must be finite.
public final class RowEncoder {
    /// Encodes the block that starts at `values[offset]` to byte `at` of `out`.
    private interface BlockEncoder {
        void encode(float[] values, int offset, MemorySegment out, long at);
    }

    private RowEncoder() {}

    /// Encodes all of `values` to the first `type.rowBytes(values.length)` bytes of `out`. `values.length` is a
    /// multiple of the type's block size.
    public static void encode(TensorType type, float[] values, MemorySegment out) {
        if (values.length % type.blockElements() != 0) {
            throw new IllegalArgumentException(values.length + " values cut a block of " + type
                    + "; expected a multiple of " + type.blockElements() + ".");
        }
        switch (type) {
            case F32 -> PlainFloats.encodeF32(values, out);
            case F16 -> PlainFloats.encodeF16(values, out);
            case BF16 -> PlainFloats.encodeBf16(values, out);
            case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> {
                BlockEncoder encoder = blockEncoder(type);
                long at = 0;
                for (int offset = 0; offset < values.length; offset += type.blockElements()) {
                    encoder.encode(values, offset, out, at);
                    at += type.blockBytes();
                }
            }
        }
    }

    private static BlockEncoder blockEncoder(TensorType type) {
        return switch (type) {
            case Q8_0 -> SmallBlockEncoder::encodeQ8x0;
            case Q4_0 -> SmallBlockEncoder::encodeQ4x0;
            case Q4_1 -> SmallBlockEncoder::encodeQ4x1;
            case Q5_0 -> SmallBlockEncoder::encodeQ5x0;
            case Q5_1 -> SmallBlockEncoder::encodeQ5x1;
            case Q2_K -> SuperBlockEncoder::encodeQ2K;
            case Q3_K -> SuperBlockEncoder::encodeQ3K;
            case Q4_K -> SuperBlockEncoder::encodeQ4K;
            case Q5_K -> SuperBlockEncoder::encodeQ5K;
            case Q6_K -> SuperBlockEncoder::encodeQ6K;
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks.");
        };
    }

    /// Stores `value` in f16 at byte `at` and returns what was stored.
    static float putF16(MemorySegment out, long at, float value) {
        short half = Float.floatToFloat16(value);
        out.set(RowDecoder.SHORT, at, half);
        return Float.float16ToFloat(half);
    }

    static void putU8(MemorySegment out, long at, int value) {
        out.set(RowDecoder.BYTE, at, (byte) value);
    }
}
