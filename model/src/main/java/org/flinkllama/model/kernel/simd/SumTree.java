package org.flinkllama.model.kernel.simd;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Adds sixteen times sixteen partial sums at once, in the order of [org.flinkllama.model.kernel.PartialSums].
///
/// Two vectors of partial sums become one: where lane bit `distance` is clear it has the sums of the first vector's
/// lanes i and i + distance, elsewhere those of the second. After all distances every lane is one whole sum, lane i
/// that of vector i.
final class SumTree {
    /// Sums that are added at once.
    static final int SUMS = 16;

    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorMask<Float> UPPER_8 = upper(8);
    private static final VectorMask<Float> UPPER_4 = upper(4);
    private static final VectorMask<Float> UPPER_2 = upper(2);
    private static final VectorMask<Float> UPPER_1 = upper(1);

    private SumTree() {}

    /// Adds `sums[sum][16]`, sixteen times sixteen numbers, into `sums[0 … 16)`; the rest is overwritten.
    static void reduce(float[] sums) {
        for (int distance = PARTIAL_SUMS / 2; distance >= Lanes.COUNT; distance /= 2) {
            halve(sums, distance);
        }
        for (int first = 0; first < SUMS; first += Lanes.COUNT) {
            int base = first * PARTIAL_SUMS;
            if (Lanes.COUNT > 8) {
                merge(sums, base, 8, SWAP_8, UPPER_8);
            }
            if (Lanes.COUNT > 4) {
                merge(sums, base, 4, SWAP_4, UPPER_4);
            }
            merge(sums, base, 2, SWAP_2, UPPER_2);
            merge(sums, base, 1, SWAP_1, UPPER_1);
            FloatVector.fromArray(Lanes.FLOATS, sums, base).intoArray(sums, first);
        }
    }

    /// Adds whole vectors of a sum that lie `distance` apart.
    private static void halve(float[] sums, int distance) {
        for (int sum = 0; sum < SUMS * PARTIAL_SUMS; sum += PARTIAL_SUMS) {
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
            FloatVector low = a.blend(b.rearrange(swap), upper);
            FloatVector high = a.rearrange(swap).blend(b, upper);
            low.add(high).intoArray(sums, at);
        }
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
