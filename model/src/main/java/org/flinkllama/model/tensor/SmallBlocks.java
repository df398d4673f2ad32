package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// The formats with blocks of 32 elements (`block_q8_0` … `block_q5_1` of ggml-common.h). A block starts with its
/// scale `d` in f16. Four-bit quants are 16 bytes: the low halves are elements 0–15, the high halves 16–31. The
/// fifth bits of the 32 elements are one 32-bit word, element 0 lowest.
///
/// | type | bytes | block                               | value          |
/// |------|-------|-------------------------------------|----------------|
/// | Q8_0 | 34    | `d`, 32 × int8                      | `q · d`        |
/// | Q4_0 | 18    | `d`, 16 quants                      | `(q − 8) · d`  |
/// | Q4_1 | 20    | `d`, minimum `m` (f16), 16 quants   | `q · d + m`    |
/// | Q5_0 | 22    | `d`, fifth bits, 16 quants          | `(q − 16) · d` |
/// | Q5_1 | 24    | `d`, `m`, fifth bits, 16 quants     | `q · d + m`    |
final class SmallBlocks {
    static final int ELEMENTS = 32;
    private static final int HALF = ELEMENTS / 2;

    private SmallBlocks() {}

    static void decodeQ8x0(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        for (int element = 0; element < ELEMENTS; element++) {
            out[offset + element] = data.get(RowDecoder.BYTE, at + 2 + element) * scale;
        }
    }

    static void decodeQ4x0(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        for (int element = 0; element < HALF; element++) {
            int quants = RowDecoder.u8(data, at + 2 + element);
            out[offset + element] = ((quants & 0xF) - 8) * scale;
            out[offset + element + HALF] = ((quants >> 4) - 8) * scale;
        }
    }

    static void decodeQ4x1(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        float minimum = RowDecoder.f16(data, at + 2);
        for (int element = 0; element < HALF; element++) {
            int quants = RowDecoder.u8(data, at + 4 + element);
            out[offset + element] = (quants & 0xF) * scale + minimum;
            out[offset + element + HALF] = (quants >> 4) * scale + minimum;
        }
    }

    static void decodeQ5x0(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        int fifthBits = data.get(RowDecoder.INT, at + 2);
        for (int element = 0; element < HALF; element++) {
            int quants = RowDecoder.u8(data, at + 6 + element);
            out[offset + element] = (lowQuant(quants, fifthBits, element) - 16) * scale;
            out[offset + element + HALF] = (highQuant(quants, fifthBits, element) - 16) * scale;
        }
    }

    static void decodeQ5x1(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        float minimum = RowDecoder.f16(data, at + 2);
        int fifthBits = data.get(RowDecoder.INT, at + 4);
        for (int element = 0; element < HALF; element++) {
            int quants = RowDecoder.u8(data, at + 8 + element);
            out[offset + element] = lowQuant(quants, fifthBits, element) * scale + minimum;
            out[offset + element + HALF] = highQuant(quants, fifthBits, element) * scale + minimum;
        }
    }

    private static int lowQuant(int quants, int fifthBits, int element) {
        return quants & 0xF | (fifthBits >>> element & 1) << 4;
    }

    private static int highQuant(int quants, int fifthBits, int element) {
        return quants >> 4 | (fifthBits >>> element + HALF & 1) << 4;
    }
}
