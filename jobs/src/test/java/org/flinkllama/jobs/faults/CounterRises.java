package org.flinkllama.jobs.faults;

import java.util.HashMap;
import java.util.Map;

/// Sums one counter of a job's subtasks over all their restarts, each of which counts from zero again. What a
/// subtask counted after the last look before its end is missing: the sum is at least so much.
final class CounterRises {
    private final String counter;
    private final Map<String, Long> last = new HashMap<>();
    private long sum;

    CounterRises(String counter) {
        this.counter = counter;
    }

    String counter() {
        return counter;
    }

    /// @param counters by names that tell subtasks and jobs apart and end with the counter's own; others are left
    ///                 alone
    void look(Map<String, Long> counters) {
        counters.forEach((name, value) -> {
            if (name.endsWith("." + counter)) {
                Long before = last.put(name, value);
                sum += before == null || before > value ? value : value - before;
            }
        });
    }

    long sum() {
        return sum;
    }
}
