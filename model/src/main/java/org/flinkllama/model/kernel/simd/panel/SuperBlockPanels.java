package org.flinkllama.model.kernel.simd.panel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;

/// The formats with super-blocks of 256 elements, whose layouts and values are those of the row decoder.
/// Subtracting a minimum is adding its negative: the same bits.
final class SuperBlockPanels {
    private static final int STRIDE = PanelProducts.STRIDE; // of 16 elements in a panel
    private static final int BLOCK = 16 * STRIDE;
    private static final int Q2_K = TensorType.Q2_K.blockBytes();
    private static final int Q3_K = TensorType.Q3_K.blockBytes();
    private static final int Q5_K = TensorType.Q5_K.blockBytes();

    private SuperBlockPanels() {}

    static void decodeQ2K(MemorySegment data, long start, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = start + (long) block * Q2_K;
            float scale = Quants.f16(data, at + 80);
            float minimumScale = Quants.f16(data, at + 82);
            for (int run = 0; run < 4; run++) { // 16 bytes: sub-blocks first, first + 2, first + 4, first + 6
                int first = run / 2 * 8 + run % 2;
                int target = offset + block * BLOCK + first * STRIDE;
                long subs = data.get(Quants.LONG, at + run / 2 * 8) >>> 8 * (run % 2);
                for (int i = 0; i < 16; i += Quants.STEP) {
                    ByteVector quants = Quants.load(data, at + 16 + 16 * run + i);
                    for (int pair = 0; pair < 4; pair++) {
                        int sub = (int) (subs >>> 16 * pair);
                        ByteVector values = Quants.bits(quants, 2 * pair, 3);
                        float minimum = minimumScale * (sub >> 4 & 15);
                        Quants.scaleAndAdd(values, scale * (sub & 15), -minimum, out, target + 2 * pair * STRIDE + i);
                    }
                }
            }
        }
    }

    static void decodeQ3K(MemorySegment data, long start, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = start + (long) block * Q3_K;
            float scale = Quants.f16(data, at + 108);
            long lowScales = data.get(Quants.LONG, at + 96);
            int highScales = data.get(Quants.INT, at + 104);
            for (int run = 0; run < 4; run++) { // 16 bytes: sub-blocks first, first + 2, first + 4, first + 6
                int first = run / 2 * 8 + run % 2;
                int target = offset + block * BLOCK + first * STRIDE;
                for (int i = 0; i < 16; i += Quants.STEP) {
                    ByteVector quants = Quants.load(data, at + 32 + 16 * run + i);
                    ByteVector highBits = Quants.load(data, at + 16 * (run % 2) + i);
                    for (int pair = 0; pair < 4; pair++) {
                        int sub = first + 2 * pair;
                        int low = (int) (lowScales >>> 8 * (sub % 8) + sub / 8 * 4) & 15;
                        int high = highScales >>> 8 * (sub % 4) + 2 * (sub / 4) & 3;
                        ByteVector fours = Quants.raised(Quants.bits(highBits, sub / 2, 1), 2);
                        ByteVector values =
                                Quants.bits(quants, 2 * pair, 3).add(fours).sub((byte) 4);
                        Quants.scale(values, scale * ((low | high << 4) - 32), out, target + 2 * pair * STRIDE + i);
                    }
                }
            }
        }
    }

    static void decodeQ5K(MemorySegment data, long start, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = start + (long) block * Q5_K;
            float scale = Quants.f16(data, at);
            float minimumScale = Quants.f16(data, at + 2);
            long scales = Quants.scalesOfEight(data, at + 4);
            long minimums = Quants.minimumsOfEight(data, at + 4);
            for (int i = 0; i < 32; i += Quants.STEP) {
                ByteVector fifthBits = Quants.load(data, at + 16 + i);
                for (int pair = 0; pair < 4; pair++) { // 32 bytes: two sub-blocks of 32
                    int target = offset + block * BLOCK + (4 * pair + i / 16) * STRIDE + i % 16;
                    float lowScale = scale * (scales >>> 16 * pair & 63);
                    float highScale = scale * (scales >>> 16 * pair + 8 & 63);
                    float lowMinimum = -(minimumScale * (minimums >>> 16 * pair & 63));
                    float highMinimum = -(minimumScale * (minimums >>> 16 * pair + 8 & 63));
                    ByteVector quants = Quants.load(data, at + 48 + 32 * pair + i);
                    ByteVector low = quants.and((byte) 15).or(Quants.raised(Quants.bits(fifthBits, 2 * pair, 1), 4));
                    ByteVector high =
                            Quants.bits(quants, 4, 15).or(Quants.raised(Quants.bits(fifthBits, 2 * pair + 1, 1), 4));
                    Quants.scaleAndAdd(low, lowScale, lowMinimum, out, target);
                    Quants.scaleAndAdd(high, highScale, highMinimum, out, target + 2 * STRIDE);
                }
            }
        }
    }
}
