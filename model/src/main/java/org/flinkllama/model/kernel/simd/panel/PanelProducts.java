package org.flinkllama.model.kernel.simd.panel;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Four decoded rows × a group of tokens: up to 24 accumulators that stay in registers. Both sides are packed in
/// the order in which they are read, so that each is one stream through the cache.
///
/// Rows are `[column / 16][row][16]`, tokens [TokenPanels], sums `[token][row][16]`; the products are added to the
/// sums.
final class PanelProducts {
    /// Rows of a panel.
    static final int ROWS = 4;

    /// Numbers of sixteen columns of a panel of rows.
    static final int STRIDE = ROWS * PARTIAL_SUMS;

    private PanelProducts() {}

    /// @param group tokens: 1, 2, 4 or 6
    /// @param steps sixteens of columns
    static void add(float[] weights, int w, float[] tokens, int x, int group, int steps, float[] sums, int sum) {
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            switch (group) {
                case 1 -> one(weights, w + part, tokens, x + part, steps, sums, sum + part);
                case 2 -> two(weights, w + part, tokens, x + part, steps, sums, sum + part);
                case 4 -> four(weights, w + part, tokens, x + part, steps, sums, sum + part);
                case 6 -> six(weights, w + part, tokens, x + part, steps, sums, sum + part);
                default ->
                    throw new IllegalArgumentException("A group has " + group + " tokens; expected 1, 2, 4 or 6.");
            }
        }
    }

    private static void six(float[] weights, int w, float[] tokens, int x, int steps, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum);
        FloatVector a1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 16);
        FloatVector a2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 32);
        FloatVector a3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 48);
        FloatVector b0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 64);
        FloatVector b1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 80);
        FloatVector b2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 96);
        FloatVector b3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 112);
        FloatVector c0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 128);
        FloatVector c1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 144);
        FloatVector c2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 160);
        FloatVector c3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 176);
        FloatVector d0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 192);
        FloatVector d1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 208);
        FloatVector d2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 224);
        FloatVector d3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 240);
        FloatVector e0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 256);
        FloatVector e1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 272);
        FloatVector e2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 288);
        FloatVector e3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 304);
        FloatVector f0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 320);
        FloatVector f1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 336);
        FloatVector f2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 352);
        FloatVector f3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 368);
        for (int step = 0; step < steps; step++) {
            FloatVector r0 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64);
            FloatVector r1 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 16);
            FloatVector r2 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 32);
            FloatVector r3 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 48);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 96);
            a0 = r0.fma(numbers, a0);
            a1 = r1.fma(numbers, a1);
            a2 = r2.fma(numbers, a2);
            a3 = r3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 96 + 16);
            b0 = r0.fma(numbers, b0);
            b1 = r1.fma(numbers, b1);
            b2 = r2.fma(numbers, b2);
            b3 = r3.fma(numbers, b3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 96 + 32);
            c0 = r0.fma(numbers, c0);
            c1 = r1.fma(numbers, c1);
            c2 = r2.fma(numbers, c2);
            c3 = r3.fma(numbers, c3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 96 + 48);
            d0 = r0.fma(numbers, d0);
            d1 = r1.fma(numbers, d1);
            d2 = r2.fma(numbers, d2);
            d3 = r3.fma(numbers, d3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 96 + 64);
            e0 = r0.fma(numbers, e0);
            e1 = r1.fma(numbers, e1);
            e2 = r2.fma(numbers, e2);
            e3 = r3.fma(numbers, e3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 96 + 80);
            f0 = r0.fma(numbers, f0);
            f1 = r1.fma(numbers, f1);
            f2 = r2.fma(numbers, f2);
            f3 = r3.fma(numbers, f3);
        }
        a0.intoArray(sums, sum);
        a1.intoArray(sums, sum + 16);
        a2.intoArray(sums, sum + 32);
        a3.intoArray(sums, sum + 48);
        b0.intoArray(sums, sum + 64);
        b1.intoArray(sums, sum + 80);
        b2.intoArray(sums, sum + 96);
        b3.intoArray(sums, sum + 112);
        c0.intoArray(sums, sum + 128);
        c1.intoArray(sums, sum + 144);
        c2.intoArray(sums, sum + 160);
        c3.intoArray(sums, sum + 176);
        d0.intoArray(sums, sum + 192);
        d1.intoArray(sums, sum + 208);
        d2.intoArray(sums, sum + 224);
        d3.intoArray(sums, sum + 240);
        e0.intoArray(sums, sum + 256);
        e1.intoArray(sums, sum + 272);
        e2.intoArray(sums, sum + 288);
        e3.intoArray(sums, sum + 304);
        f0.intoArray(sums, sum + 320);
        f1.intoArray(sums, sum + 336);
        f2.intoArray(sums, sum + 352);
        f3.intoArray(sums, sum + 368);
    }

    private static void four(float[] weights, int w, float[] tokens, int x, int steps, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum);
        FloatVector a1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 16);
        FloatVector a2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 32);
        FloatVector a3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 48);
        FloatVector b0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 64);
        FloatVector b1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 80);
        FloatVector b2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 96);
        FloatVector b3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 112);
        FloatVector c0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 128);
        FloatVector c1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 144);
        FloatVector c2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 160);
        FloatVector c3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 176);
        FloatVector d0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 192);
        FloatVector d1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 208);
        FloatVector d2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 224);
        FloatVector d3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 240);
        for (int step = 0; step < steps; step++) {
            FloatVector r0 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64);
            FloatVector r1 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 16);
            FloatVector r2 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 32);
            FloatVector r3 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 48);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 64);
            a0 = r0.fma(numbers, a0);
            a1 = r1.fma(numbers, a1);
            a2 = r2.fma(numbers, a2);
            a3 = r3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 64 + 16);
            b0 = r0.fma(numbers, b0);
            b1 = r1.fma(numbers, b1);
            b2 = r2.fma(numbers, b2);
            b3 = r3.fma(numbers, b3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 64 + 32);
            c0 = r0.fma(numbers, c0);
            c1 = r1.fma(numbers, c1);
            c2 = r2.fma(numbers, c2);
            c3 = r3.fma(numbers, c3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 64 + 48);
            d0 = r0.fma(numbers, d0);
            d1 = r1.fma(numbers, d1);
            d2 = r2.fma(numbers, d2);
            d3 = r3.fma(numbers, d3);
        }
        a0.intoArray(sums, sum);
        a1.intoArray(sums, sum + 16);
        a2.intoArray(sums, sum + 32);
        a3.intoArray(sums, sum + 48);
        b0.intoArray(sums, sum + 64);
        b1.intoArray(sums, sum + 80);
        b2.intoArray(sums, sum + 96);
        b3.intoArray(sums, sum + 112);
        c0.intoArray(sums, sum + 128);
        c1.intoArray(sums, sum + 144);
        c2.intoArray(sums, sum + 160);
        c3.intoArray(sums, sum + 176);
        d0.intoArray(sums, sum + 192);
        d1.intoArray(sums, sum + 208);
        d2.intoArray(sums, sum + 224);
        d3.intoArray(sums, sum + 240);
    }

    private static void two(float[] weights, int w, float[] tokens, int x, int steps, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum);
        FloatVector a1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 16);
        FloatVector a2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 32);
        FloatVector a3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 48);
        FloatVector b0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 64);
        FloatVector b1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 80);
        FloatVector b2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 96);
        FloatVector b3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 112);
        for (int step = 0; step < steps; step++) {
            FloatVector r0 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64);
            FloatVector r1 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 16);
            FloatVector r2 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 32);
            FloatVector r3 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 48);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 32);
            a0 = r0.fma(numbers, a0);
            a1 = r1.fma(numbers, a1);
            a2 = r2.fma(numbers, a2);
            a3 = r3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 32 + 16);
            b0 = r0.fma(numbers, b0);
            b1 = r1.fma(numbers, b1);
            b2 = r2.fma(numbers, b2);
            b3 = r3.fma(numbers, b3);
        }
        a0.intoArray(sums, sum);
        a1.intoArray(sums, sum + 16);
        a2.intoArray(sums, sum + 32);
        a3.intoArray(sums, sum + 48);
        b0.intoArray(sums, sum + 64);
        b1.intoArray(sums, sum + 80);
        b2.intoArray(sums, sum + 96);
        b3.intoArray(sums, sum + 112);
    }

    private static void one(float[] weights, int w, float[] tokens, int x, int steps, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(Lanes.FLOATS, sums, sum);
        FloatVector a1 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 16);
        FloatVector a2 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 32);
        FloatVector a3 = FloatVector.fromArray(Lanes.FLOATS, sums, sum + 48);
        for (int step = 0; step < steps; step++) {
            FloatVector r0 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64);
            FloatVector r1 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 16);
            FloatVector r2 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 32);
            FloatVector r3 = FloatVector.fromArray(Lanes.FLOATS, weights, w + step * 64 + 48);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, tokens, x + step * 16);
            a0 = r0.fma(numbers, a0);
            a1 = r1.fma(numbers, a1);
            a2 = r2.fma(numbers, a2);
            a3 = r3.fma(numbers, a3);
        }
        a0.intoArray(sums, sum);
        a1.intoArray(sums, sum + 16);
        a2.intoArray(sums, sum + 32);
        a3.intoArray(sums, sum + 48);
    }
}
