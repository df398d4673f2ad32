package org.flinkllama.model.kernel.simd.panel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;

/// The formats with blocks of 32 elements, whose layouts and values are those of [TensorType]'s row decoder.
final class SmallBlockPanels {
    private static final int HALF = PanelProducts.STRIDE; // from elements 0–15 to 16–31 in a panel
    private static final int BLOCK = 2 * HALF;
    private static final int Q8_0 = TensorType.Q8_0.blockBytes();
    private static final int Q4_1 = TensorType.Q4_1.blockBytes();
    private static final int Q5_0 = TensorType.Q5_0.blockBytes();
    private static final int Q5_1 = TensorType.Q5_1.blockBytes();

    private SmallBlockPanels() {}

    static void decodeQ8x0(
            MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * Q8_0;
            int target = offset + block * BLOCK;
            q8x0(data, r0 + at, out, target);
            q8x0(data, r1 + at, out, target + 16);
            q8x0(data, r2 + at, out, target + 32);
            q8x0(data, r3 + at, out, target + 48);
        }
    }

    private static void q8x0(MemorySegment data, long at, float[] out, int offset) {
        float scale = Quants.f16(data, at);
        for (int i = 0; i < 16; i += Quants.STEP) {
            Quants.scale(Quants.load(data, at + 2 + i), scale, out, offset + i);
            Quants.scale(Quants.load(data, at + 18 + i), scale, out, offset + HALF + i);
        }
    }

    static void decodeQ4x1(MemorySegment data, long start, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = start + (long) block * Q4_1;
            int target = offset + block * BLOCK;
            float scale = Quants.f16(data, at);
            float minimum = Quants.f16(data, at + 2);
            for (int i = 0; i < 16; i += Quants.STEP) {
                ByteVector quants = Quants.load(data, at + 4 + i);
                Quants.scaleAndAdd(quants.and((byte) 15), scale, minimum, out, target + i);
                Quants.scaleAndAdd(Quants.bits(quants, 4, 15), scale, minimum, out, target + HALF + i);
            }
        }
    }

    static void decodeQ5x0(MemorySegment data, long start, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = start + (long) block * Q5_0;
            int target = offset + block * BLOCK;
            float scale = Quants.f16(data, at);
            int fifthBits = data.get(Quants.INT, at + 2);
            for (int i = 0; i < 16; i += Quants.STEP) {
                ByteVector quants = Quants.load(data, at + 6 + i);
                ByteVector low = fifth(quants.and((byte) 15).sub((byte) 16), fifthBits >>> i);
                ByteVector high = fifth(Quants.bits(quants, 4, 15).sub((byte) 16), fifthBits >>> 16 + i);
                Quants.scale(low, scale, out, target + i);
                Quants.scale(high, scale, out, target + HALF + i);
            }
        }
    }

    static void decodeQ5x1(MemorySegment data, long start, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = start + (long) block * Q5_1;
            int target = offset + block * BLOCK;
            float scale = Quants.f16(data, at);
            float minimum = Quants.f16(data, at + 2);
            int fifthBits = data.get(Quants.INT, at + 4);
            for (int i = 0; i < 16; i += Quants.STEP) {
                ByteVector quants = Quants.load(data, at + 8 + i);
                ByteVector low = fifth(quants.and((byte) 15), fifthBits >>> i);
                ByteVector high = fifth(Quants.bits(quants, 4, 15), fifthBits >>> 16 + i);
                Quants.scaleAndAdd(low, scale, minimum, out, target + i);
                Quants.scaleAndAdd(high, scale, minimum, out, target + HALF + i);
            }
        }
    }

    /// Adds 16 where the bit of a lane is set.
    private static ByteVector fifth(ByteVector quants, int bits) {
        VectorMask<Byte> mask = VectorMask.fromLong(Quants.BYTES, bits & (1 << Quants.STEP) - 1);
        return quants.lanewise(VectorOperators.ADD, (byte) 16, mask);
    }
}
