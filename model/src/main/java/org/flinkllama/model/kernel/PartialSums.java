package org.flinkllama.model.kernel;

/// The one order in which sixteen partial sums become a sum.
public final class PartialSums {
    private PartialSums() {}

    /// Adds `sums[offset … offset + 16)` as a tree: i and i + 8, then i + 4, i + 2, i + 1. Overwrites the first eight.
    public static float reduce(float[] sums, int offset) {
        for (int distance = Kernel.PARTIAL_SUMS / 2; distance > 0; distance /= 2) {
            for (int i = 0; i < distance; i++) {
                sums[offset + i] += sums[offset + i + distance];
            }
        }
        return sums[offset];
    }
}
