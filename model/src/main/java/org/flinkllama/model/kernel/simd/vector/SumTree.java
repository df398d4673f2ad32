package org.flinkllama.model.kernel.simd.vector;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Adds sixteen times sixteen partial sums at once, in the order of [org.flinkllama.model.kernel.PartialSums].
///
/// Two vectors of partial sums become one: where lane bit `distance` is clear it has the sums of the first vector's
/// lanes i and i + distance, elsewhere those of the second. After all distances every lane is one whole sum, lane i
/// that of vector i.
public final class SumTree {
    /// Sums that are added at once.
    public static final int SUMS = 16;

    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorMask<Float> UPPER_8 = upper(8);
    private static final VectorMask<Float> UPPER_4 = upper(4);
    private static final VectorMask<Float> UPPER_2 = upper(2);
    private static final VectorMask<Float> UPPER_1 = upper(1);

    private SumTree() {}

    /// Adds `sums[sum][16]`, sixteen times sixteen numbers from `offset`, into `out[at … at + 16)`. Overwrites sums
    /// where a vector is shorter than sixteen.
    public static void reduce(float[] sums, int offset, float[] out, int at) {
        if (Lanes.COUNT == SUMS) {
            reduceWide(sums, offset, out, at);
            return;
        }
        for (int distance = PARTIAL_SUMS / 2; distance >= Lanes.COUNT; distance /= 2) {
            halve(sums, offset, distance);
        }
        for (int first = 0; first < SUMS; first += Lanes.COUNT) {
            int base = offset + first * PARTIAL_SUMS;
            if (Lanes.COUNT > 4) {
                merge(sums, base, 4, SWAP_4, UPPER_4);
            }
            merge(sums, base, 2, SWAP_2, UPPER_2);
            merge(sums, base, 1, SWAP_1, UPPER_1);
            FloatVector.fromArray(Lanes.FLOATS, sums, base).intoArray(out, at + first);
        }
    }

    /// Adds whole vectors of a sum that lie `distance` apart.
    private static void halve(float[] sums, int offset, int distance) {
        for (int sum = offset; sum < offset + SUMS * PARTIAL_SUMS; sum += PARTIAL_SUMS) {
            for (int lane = sum; lane < sum + distance; lane += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, sums, lane)
                        .add(FloatVector.fromArray(Lanes.FLOATS, sums, lane + distance))
                        .intoArray(sums, lane);
            }
        }
    }

    private static void merge(
            float[] sums, int base, int distance, VectorShuffle<Float> swap, VectorMask<Float> upper) {
        for (int sum = 0; sum < distance; sum++) {
            int at = base + sum * PARTIAL_SUMS;
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, sums, at);
            FloatVector b = FloatVector.fromArray(Lanes.FLOATS, sums, at + distance * PARTIAL_SUMS);
            a.blend(b, upper).add(b.blend(a, upper).rearrange(swap)).intoArray(sums, at);
        }
    }

    private static void reduceWide(float[] sums, int at, float[] out, int target) {
        FloatVector s0 = FloatVector.fromArray(Lanes.FLOATS, sums, at);
        FloatVector s1 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 16);
        FloatVector s2 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 32);
        FloatVector s3 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 48);
        FloatVector s4 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 64);
        FloatVector s5 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 80);
        FloatVector s6 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 96);
        FloatVector s7 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 112);
        FloatVector s8 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 128);
        FloatVector s9 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 144);
        FloatVector s10 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 160);
        FloatVector s11 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 176);
        FloatVector s12 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 192);
        FloatVector s13 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 208);
        FloatVector s14 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 224);
        FloatVector s15 = FloatVector.fromArray(Lanes.FLOATS, sums, at + 240);
        s0 = s0.blend(s8, UPPER_8).add(s8.blend(s0, UPPER_8).rearrange(SWAP_8));
        s1 = s1.blend(s9, UPPER_8).add(s9.blend(s1, UPPER_8).rearrange(SWAP_8));
        s2 = s2.blend(s10, UPPER_8).add(s10.blend(s2, UPPER_8).rearrange(SWAP_8));
        s3 = s3.blend(s11, UPPER_8).add(s11.blend(s3, UPPER_8).rearrange(SWAP_8));
        s4 = s4.blend(s12, UPPER_8).add(s12.blend(s4, UPPER_8).rearrange(SWAP_8));
        s5 = s5.blend(s13, UPPER_8).add(s13.blend(s5, UPPER_8).rearrange(SWAP_8));
        s6 = s6.blend(s14, UPPER_8).add(s14.blend(s6, UPPER_8).rearrange(SWAP_8));
        s7 = s7.blend(s15, UPPER_8).add(s15.blend(s7, UPPER_8).rearrange(SWAP_8));
        s0 = s0.blend(s4, UPPER_4).add(s4.blend(s0, UPPER_4).rearrange(SWAP_4));
        s1 = s1.blend(s5, UPPER_4).add(s5.blend(s1, UPPER_4).rearrange(SWAP_4));
        s2 = s2.blend(s6, UPPER_4).add(s6.blend(s2, UPPER_4).rearrange(SWAP_4));
        s3 = s3.blend(s7, UPPER_4).add(s7.blend(s3, UPPER_4).rearrange(SWAP_4));
        s0 = s0.blend(s2, UPPER_2).add(s2.blend(s0, UPPER_2).rearrange(SWAP_2));
        s1 = s1.blend(s3, UPPER_2).add(s3.blend(s1, UPPER_2).rearrange(SWAP_2));
        s0 = s0.blend(s1, UPPER_1).add(s1.blend(s0, UPPER_1).rearrange(SWAP_1));
        s0.intoArray(out, target);
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(Lanes.FLOATS, lane -> (lane ^ distance) % Lanes.COUNT);
    }

    private static VectorMask<Float> upper(int distance) {
        boolean[] lanes = new boolean[Lanes.COUNT];
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = (lane & distance) != 0;
        }
        return VectorMask.fromArray(Lanes.FLOATS, lanes, 0);
    }
}
