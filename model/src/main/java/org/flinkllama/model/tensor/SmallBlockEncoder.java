package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// Writes the formats of [SmallBlocks], rounding as ggml's reference does (`quantize_row_*_ref`): quants come from
/// the scale in f32, before it is rounded to the f16 that is stored.
final class SmallBlockEncoder {
    private static final int ELEMENTS = SmallBlocks.ELEMENTS;
    private static final int HALF = ELEMENTS / 2;

    private SmallBlockEncoder() {}

    static void encodeQ8x0(float[] values, int offset, MemorySegment out, long at) {
        float scale = Math.abs(peak(values, offset)) / 127;
        float inverse = inverse(scale);
        RowEncoder.putF16(out, at, scale);
        for (int element = 0; element < ELEMENTS; element++) {
            RowEncoder.putU8(out, at + 2 + element, roundAwayFromZero(values[offset + element] * inverse));
        }
    }

    static void encodeQ4x0(float[] values, int offset, MemorySegment out, long at) {
        float scale = peak(values, offset) / -8;
        RowEncoder.putF16(out, at, scale);
        putHalves(out, at + 2, centred(values, offset, scale, 8));
    }

    static void encodeQ5x0(float[] values, int offset, MemorySegment out, long at) {
        float scale = peak(values, offset) / -16;
        RowEncoder.putF16(out, at, scale);
        int[] quants = centred(values, offset, scale, 16);
        out.set(RowDecoder.INT, at + 2, fifthBits(quants));
        putHalves(out, at + 6, quants);
    }

    static void encodeQ4x1(float[] values, int offset, MemorySegment out, long at) {
        putHalves(out, at + 4, affine(values, offset, 15, out, at));
    }

    static void encodeQ5x1(float[] values, int offset, MemorySegment out, long at) {
        int[] quants = affine(values, offset, 31, out, at);
        out.set(RowDecoder.INT, at + 4, fifthBits(quants));
        putHalves(out, at + 8, quants);
    }

    /// Quants 0 to `2 · centre − 1`, of which `centre` stands for zero.
    private static int[] centred(float[] values, int offset, float scale, int centre) {
        float inverse = inverse(scale);
        int[] quants = new int[ELEMENTS];
        for (int element = 0; element < ELEMENTS; element++) {
            quants[element] = Math.min(2 * centre - 1, (int) (values[offset + element] * inverse + (centre + 0.5f)));
        }
        return quants;
    }

    /// Quants 0 to `highest` between the smallest and the largest value; stores scale and minimum at `at`.
    private static int[] affine(float[] values, int offset, int highest, MemorySegment out, long at) {
        float smallest = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (int element = 0; element < ELEMENTS; element++) {
            smallest = Math.min(smallest, values[offset + element]);
            largest = Math.max(largest, values[offset + element]);
        }
        float scale = (largest - smallest) / highest;
        float inverse = inverse(scale);
        RowEncoder.putF16(out, at, scale);
        RowEncoder.putF16(out, at + 2, smallest);
        int[] quants = new int[ELEMENTS];
        for (int element = 0; element < ELEMENTS; element++) {
            quants[element] = Math.min(highest, (int) ((values[offset + element] - smallest) * inverse + 0.5f));
        }
        return quants;
    }

    /// The first value of largest magnitude, with its sign.
    private static float peak(float[] values, int offset) {
        float peak = 0;
        for (int element = 0; element < ELEMENTS; element++) {
            float value = values[offset + element];
            peak = Math.abs(value) > Math.abs(peak) ? value : peak;
        }
        return peak;
    }

    private static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }

    private static int roundAwayFromZero(float value) {
        int whole = (int) value;
        float rest = value - whole;
        return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
    }

    private static void putHalves(MemorySegment out, long at, int[] quants) {
        for (int element = 0; element < HALF; element++) {
            RowEncoder.putU8(out, at + element, quants[element] & 0xF | quants[element + HALF] << 4);
        }
    }

    private static int fifthBits(int[] quants) {
        int bits = 0;
        for (int element = 0; element < ELEMENTS; element++) {
            bits |= (quants[element] >> 4) << element;
        }
        return bits;
    }
}
