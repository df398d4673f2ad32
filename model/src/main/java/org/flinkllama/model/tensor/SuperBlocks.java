package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// The formats with super-blocks of 256 elements (`block_q2_K` … `block_q6_K` of ggml-common.h). Sub-blocks of 16 or
/// 32 elements have small integer scales `s` (and minimums `m`), which f16 numbers `d` (and `dmin`) of the
/// super-block multiply. Scaled numbers are rounded to f32 before they meet a quant `q`.
///
/// | type | sub-block | value              | bytes of the parts, in order                              |
/// |------|-----------|--------------------|-----------------------------------------------------------|
/// | Q2_K | 16        | `(d·s)·q − dmin·m` | 16 `s` and `m` (halves), 64 quants, 2 `d`, 2 `dmin`       |
/// | Q3_K | 16        | `(d·(s−32))·(q−4)` | 32 high bits, 64 low pairs, 12 `s`, 2 `d`                 |
/// | Q4_K | 32        | `(d·s)·q − dmin·m` | 2 `d`, 2 `dmin`, 12 `s` and `m`, 128 quants               |
/// | Q5_K | 32        | `(d·s)·q − dmin·m` | 2 `d`, 2 `dmin`, 12 `s` and `m`, 32 high bits, 128 halves |
/// | Q6_K | 16        | `(d·s)·(q−32)`     | 128 low halves, 64 high pairs, 16 `s`, 2 `d`              |
final class SuperBlocks {
    static final int ELEMENTS = 256;

    private SuperBlocks() {}

    static void decodeQ2K(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at + 80);
        float minimumScale = RowDecoder.f16(data, at + 82);
        for (int sub = 0; sub < 16; sub++) {
            int scaleAndMinimum = RowDecoder.u8(data, at + sub);
            float subScale = scale * (scaleAndMinimum & 0xF);
            float subMinimum = minimumScale * (scaleAndMinimum >> 4);
            long quants = at + 16 + twoBitQuants(sub);
            int shift = twoBitShift(sub);
            for (int element = 0; element < 16; element++) {
                int quant = RowDecoder.u8(data, quants + element) >> shift & 3;
                out[offset + 16 * sub + element] = subScale * quant - subMinimum;
            }
        }
    }

    static void decodeQ3K(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at + 108);
        for (int sub = 0; sub < 16; sub++) {
            float subScale = scale * (sixBitScale(data, at + 96, sub) - 32);
            long quants = at + 32 + twoBitQuants(sub);
            long highBits = at + 16 * (sub % 2);
            int shift = twoBitShift(sub);
            for (int element = 0; element < 16; element++) {
                int low = RowDecoder.u8(data, quants + element) >> shift & 3;
                int high = RowDecoder.u8(data, highBits + element) >> sub / 2 & 1;
                out[offset + 16 * sub + element] = subScale * (low + 4 * high - 4);
            }
        }
    }

    static void decodeQ4K(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        float minimumScale = RowDecoder.f16(data, at + 2);
        for (int sub = 0; sub < 8; sub++) {
            float subScale = scale * scaleOfEight(data, at + 4, sub);
            float subMinimum = minimumScale * minimumOfEight(data, at + 4, sub);
            long quants = at + 16 + 32 * (sub / 2);
            for (int element = 0; element < 32; element++) {
                int quant = RowDecoder.u8(data, quants + element) >> 4 * (sub % 2) & 0xF;
                out[offset + 32 * sub + element] = subScale * quant - subMinimum;
            }
        }
    }

    static void decodeQ5K(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at);
        float minimumScale = RowDecoder.f16(data, at + 2);
        for (int sub = 0; sub < 8; sub++) {
            float subScale = scale * scaleOfEight(data, at + 4, sub);
            float subMinimum = minimumScale * minimumOfEight(data, at + 4, sub);
            long quants = at + 48 + 32 * (sub / 2);
            for (int element = 0; element < 32; element++) {
                int low = RowDecoder.u8(data, quants + element) >> 4 * (sub % 2) & 0xF;
                int high = RowDecoder.u8(data, at + 16 + element) >> sub & 1;
                out[offset + 32 * sub + element] = subScale * (low + 16 * high) - subMinimum;
            }
        }
    }

    static void decodeQ6K(MemorySegment data, long at, float[] out, int offset) {
        float scale = RowDecoder.f16(data, at + 208);
        for (int sub = 0; sub < 16; sub++) {
            float subScale = scale * data.get(RowDecoder.BYTE, at + 192 + sub);
            int half = sub / 8; // 128 elements: 64 bytes of low halves, 32 of high pairs
            int run = sub % 8; // of 16 elements; four runs share a byte of low halves with four others
            long low = at + 64 * half + 16 * (run % 4);
            long high = at + 128 + 32 * half + 16 * (run % 2);
            for (int element = 0; element < 16; element++) {
                int quant = RowDecoder.u8(data, low + element) >> 4 * (run / 4) & 0xF
                        | (RowDecoder.u8(data, high + element) >> 2 * (run / 2) & 3) << 4;
                out[offset + 16 * sub + element] = subScale * (quant - 32);
            }
        }
    }

    /// Where in the 64 bytes of 2-bit quants a sub-block of 16 starts: 128 elements share 32 bytes.
    private static int twoBitQuants(int sub) {
        return 32 * (sub / 8) + 16 * (sub % 2);
    }

    private static int twoBitShift(int sub) {
        return sub % 8 / 2 * 2;
    }

    /// One of sixteen 6-bit scales in 12 bytes: low halves in the first eight bytes, high pairs in the last four.
    private static int sixBitScale(MemorySegment data, long at, int sub) {
        int low = RowDecoder.u8(data, at + sub % 8) >> 4 * (sub / 8) & 0xF;
        int high = RowDecoder.u8(data, at + 8 + sub % 4) >> 2 * (sub / 4) & 3;
        return low | high << 4;
    }

    /// One of eight 6-bit scales that share 12 bytes with eight minimums: the first four have the low six bits of
    /// bytes 0–3; the last four have the low halves of bytes 8–11 and the upper pairs of bytes 0–3.
    static int scaleOfEight(MemorySegment data, long at, int sub) {
        return sub < 4
                ? RowDecoder.u8(data, at + sub) & 63
                : RowDecoder.u8(data, at + 4 + sub) & 0xF | RowDecoder.u8(data, at + sub - 4) >> 6 << 4;
    }

    /// As [#scaleOfEight(MemorySegment, long, int)], with bytes 4–7 and the high halves of bytes 8–11.
    static int minimumOfEight(MemorySegment data, long at, int sub) {
        return sub < 4
                ? RowDecoder.u8(data, at + 4 + sub) & 63
                : RowDecoder.u8(data, at + 4 + sub) >> 4 | RowDecoder.u8(data, at + sub) >> 6 << 4;
    }
}
