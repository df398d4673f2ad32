package org.flinkllama.jobs.faults;

import java.util.HashMap;
import java.util.Map;
import org.flinkllama.jobs.cluster.ClusterJob;

/// Sums one counter of a job's subtasks over all their restarts, each of which counts from zero again. What a subtask
/// counted after the last look before its end is missing: the sum is at least so much.
final class CounterRises {
    private final String counter;
    private final Map<String, Long> last = new HashMap<>();
    private long sum;

    CounterRises(String counter) {
        this.counter = counter;
    }

    void look(ClusterJob job) throws InterruptedException {
        job.counters(counter).forEach(this::see);
    }

    /// @param subtask tells it from the other subtasks of the job and of others
    void see(String subtask, long value) {
        Long before = last.put(subtask, value);
        sum += before == null || before > value ? value : value - before;
    }

    long sum() {
        return sum;
    }
}
