package org.flinkllama.jobs.bench.speed;

import java.util.Arrays;

/// Repeated measurements of one thing, in units a second.
///
/// @param repetitions measurements, 1 or more
public record Speed(double median, double lowest, double highest, int repetitions) {
    /// Of these measurements, in any order. The median of an even number is the mean of the two in the middle.
    public static Speed of(double... measurements) {
        if (measurements.length == 0) {
            throw new IllegalArgumentException("A speed needs at least one measurement; there is none.");
        }
        double[] sorted = measurements.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new Speed(median, sorted[0], sorted[count - 1], count);
    }
}
