package org.flinkllama.operators.inference;

import java.time.Duration;

/// How long a record that was taken in holds up the next one. A barrier can't pass while a record is held, so the
/// hold is bounded and the next record is taken in all the same; it grows as records pile up in state, so that
/// the source feels it.
final class BackPressure {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration MEDIUM = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofSeconds(1);

    private BackPressure() {}

    /// @param open     records taken in that have not left
    /// @param capacity records that are worked on at once
    static Duration hold(int open, int capacity) {
        if (open < capacity) {
            return Duration.ZERO;
        }
        if (open < 4L * capacity) {
            return SHORT;
        }
        return open < 8L * capacity ? MEDIUM : LONG;
    }
}
