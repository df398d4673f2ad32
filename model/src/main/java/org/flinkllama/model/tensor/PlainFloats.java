package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// The formats without blocks: F32, F16 (IEEE binary16) and BF16 (the upper half of an f32). Each is exact in f32.
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
}
