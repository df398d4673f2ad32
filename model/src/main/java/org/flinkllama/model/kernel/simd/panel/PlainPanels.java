package org.flinkllama.model.kernel.simd.panel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import org.flinkllama.model.kernel.simd.vector.Halves;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// The formats without blocks.
final class PlainPanels {
    private PlainPanels() {}

    static void decodeF32(MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = block * PARTIAL_SUMS * 4L;
            int target = offset + block * PanelProducts.STRIDE;
            f32(data, r0 + at, out, target);
            f32(data, r1 + at, out, target + 16);
            f32(data, r2 + at, out, target + 32);
            f32(data, r3 + at, out, target + 48);
        }
    }

    private static void f32(MemorySegment data, long at, float[] out, int offset) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            FloatVector.fromMemorySegment(Lanes.FLOATS, data, at + part * 4L, LITTLE_ENDIAN)
                    .intoArray(out, offset + part);
        }
    }

    static void decodeF16(MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = block * PARTIAL_SUMS * 2L;
            int target = offset + block * PanelProducts.STRIDE;
            f16(data, r0 + at, out, target);
            f16(data, r1 + at, out, target + 16);
            f16(data, r2 + at, out, target + 32);
            f16(data, r3 + at, out, target + 48);
        }
    }

    private static void f16(MemorySegment data, long at, float[] out, int offset) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            Halves.fromF16(ShortVector.fromMemorySegment(Halves.SHORTS, data, at + part * 2L, LITTLE_ENDIAN))
                    .intoArray(out, offset + part);
        }
    }

    static void decodeBf16(
            MemorySegment data, long r0, long r1, long r2, long r3, int blocks, float[] out, int offset) {
        for (int block = 0; block < blocks; block++) {
            long at = block * PARTIAL_SUMS * 2L;
            int target = offset + block * PanelProducts.STRIDE;
            bf16(data, r0 + at, out, target);
            bf16(data, r1 + at, out, target + 16);
            bf16(data, r2 + at, out, target + 32);
            bf16(data, r3 + at, out, target + 48);
        }
    }

    private static void bf16(MemorySegment data, long at, float[] out, int offset) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            Halves.fromBf16(ShortVector.fromMemorySegment(Halves.SHORTS, data, at + part * 2L, LITTLE_ENDIAN))
                    .intoArray(out, offset + part);
        }
    }
}
