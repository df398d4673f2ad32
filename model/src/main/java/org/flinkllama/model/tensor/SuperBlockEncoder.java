package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// Writes the formats of [SuperBlocks]: packs what a [SuperBlockFit] found.
final class SuperBlockEncoder {
    private SuperBlockEncoder() {}

    static void encodeQ2K(float[] values, int offset, MemorySegment out, long at) {
        SuperBlockFit fit = SuperBlockFit.affine(values, offset, 16, 15, 3);
        for (int sub = 0; sub < 16; sub++) {
            RowEncoder.putU8(out, at + sub, fit.scales()[sub] | fit.minimums()[sub] << 4);
        }
        putPairs(out, at + 16, fit.quants(), 0);
        RowEncoder.putF16(out, at + 80, fit.scale());
        RowEncoder.putF16(out, at + 82, fit.minimumScale());
    }

    static void encodeQ3K(float[] values, int offset, MemorySegment out, long at) {
        SuperBlockFit fit = SuperBlockFit.symmetric(values, offset, 32, 4);
        int[] quants = raised(fit.quants(), 4);
        putHighBits(out, at, quants, 2);
        putPairs(out, at + 32, quants, 0);
        int[] scales = raised(fit.scales(), 32);
        for (int sub = 0; sub < 8; sub++) {
            RowEncoder.putU8(out, at + 96 + sub, scales[sub] & 0xF | (scales[sub + 8] & 0xF) << 4);
        }
        for (int sub = 0; sub < 4; sub++) {
            int pairs = scales[sub] >> 4
                    | scales[sub + 4] >> 4 << 2
                    | scales[sub + 8] >> 4 << 4
                    | scales[sub + 12] >> 4 << 6;
            RowEncoder.putU8(out, at + 104 + sub, pairs);
        }
        RowEncoder.putF16(out, at + 108, fit.scale());
    }

    static void encodeQ4K(float[] values, int offset, MemorySegment out, long at) {
        SuperBlockFit fit = SuperBlockFit.affine(values, offset, 32, 63, 15);
        putEightScales(out, at, fit);
        putHalves(out, at + 16, fit.quants());
    }

    static void encodeQ5K(float[] values, int offset, MemorySegment out, long at) {
        SuperBlockFit fit = SuperBlockFit.affine(values, offset, 32, 63, 31);
        putEightScales(out, at, fit);
        putHighBits(out, at + 16, fit.quants(), 4);
        putHalves(out, at + 48, fit.quants());
    }

    static void encodeQ6K(float[] values, int offset, MemorySegment out, long at) {
        SuperBlockFit fit = SuperBlockFit.symmetric(values, offset, 128, 32);
        int[] quants = raised(fit.quants(), 32);
        for (int index = 0; index < 128; index++) {
            int element = 128 * (index / 64) + index % 64;
            RowEncoder.putU8(out, at + index, quants[element] & 0xF | (quants[element + 64] & 0xF) << 4);
        }
        putPairs(out, at + 128, quants, 4);
        for (int sub = 0; sub < 16; sub++) {
            RowEncoder.putU8(out, at + 192 + sub, fit.scales()[sub]);
        }
        RowEncoder.putF16(out, at + 208, fit.scale());
    }

    private static int[] raised(int[] numbers, int by) {
        int[] raised = new int[numbers.length];
        for (int index = 0; index < numbers.length; index++) {
            raised[index] = numbers[index] + by;
        }
        return raised;
    }

    /// Two bits of each quant, four quants that lie 32 apart to a byte: 64 bytes.
    private static void putPairs(MemorySegment out, long at, int[] quants, int shift) {
        for (int index = 0; index < 64; index++) {
            int pairs = 0;
            for (int pair = 0; pair < 4; pair++) {
                int element = 128 * (index / 32) + 32 * pair + index % 32;
                pairs |= (quants[element] >> shift & 3) << 2 * pair;
            }
            RowEncoder.putU8(out, at + index, pairs);
        }
    }

    /// One bit of each quant, eight quants that lie 32 apart to a byte: 32 bytes.
    private static void putHighBits(MemorySegment out, long at, int[] quants, int bit) {
        for (int index = 0; index < 32; index++) {
            int bits = 0;
            for (int element = index; element < quants.length; element += 32) {
                bits |= (quants[element] >> bit & 1) << element / 32;
            }
            RowEncoder.putU8(out, at + index, bits);
        }
    }

    /// Four bits of each quant, two quants that lie 32 apart to a byte: 128 bytes.
    private static void putHalves(MemorySegment out, long at, int[] quants) {
        for (int index = 0; index < 128; index++) {
            int element = 64 * (index / 32) + index % 32;
            RowEncoder.putU8(out, at + index, quants[element] & 0xF | (quants[element + 32] & 0xF) << 4);
        }
    }

    /// `d`, `dmin` and the 12 bytes that eight scales and eight minimums share.
    private static void putEightScales(MemorySegment out, long at, SuperBlockFit fit) {
        RowEncoder.putF16(out, at, fit.scale());
        RowEncoder.putF16(out, at + 2, fit.minimumScale());
        for (int sub = 0; sub < 4; sub++) {
            int scale = fit.scales()[sub + 4];
            int minimum = fit.minimums()[sub + 4];
            RowEncoder.putU8(out, at + 4 + sub, fit.scales()[sub] | scale >> 4 << 6);
            RowEncoder.putU8(out, at + 8 + sub, fit.minimums()[sub] | minimum >> 4 << 6);
            RowEncoder.putU8(out, at + 12 + sub, scale & 0xF | (minimum & 0xF) << 4);
        }
    }
}
