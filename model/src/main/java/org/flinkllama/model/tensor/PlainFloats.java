package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// The formats without blocks: F32, F16 (IEEE binary16) and BF16 (the upper half of an f32). Decoding is
/// exact.
final class PlainFloats {
    private PlainFloats() {}

    static void decodeF32(MemorySegment data, long at, int count, float[] out, int offset) {
        MemorySegment.copy(data, RowDecoder.FLOAT, at, out, offset, count);
    }

    static void decodeF16(MemorySegment data, long at, int count, float[] out, int offset) {
        for (int column = 0; column < count; column++) {
            out[offset + column] = RowDecoder.f16(data, at + 2L * column);
        }
    }

    static void decodeBf16(MemorySegment data, long at, int count, float[] out, int offset) {
        for (int column = 0; column < count; column++) {
            out[offset + column] = Float.intBitsToFloat(data.get(RowDecoder.SHORT, at + 2L * column) << 16);
        }
    }

    static void encodeF32(float[] values, MemorySegment out) {
        MemorySegment.copy(values, 0, out, RowDecoder.FLOAT, 0, values.length);
    }

    static void encodeF16(float[] values, MemorySegment out) {
        for (int column = 0; column < values.length; column++) {
            RowEncoder.putF16(out, 2L * column, values[column]);
        }
    }

    /// Rounds to the nearest, ties to even.
    static void encodeBf16(float[] values, MemorySegment out) {
        for (int column = 0; column < values.length; column++) {
            int bits = Float.floatToRawIntBits(values[column]);
            out.set(RowDecoder.SHORT, 2L * column, (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16));
        }
    }
}
