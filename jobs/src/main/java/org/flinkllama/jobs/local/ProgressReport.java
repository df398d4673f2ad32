package org.flinkllama.jobs.local;

import java.time.Duration;
import java.util.Map;

/// Says how far a job is, from its counters.
public interface ProgressReport {
    /// How far the job is and how fast it was, or an empty text where nothing has changed.
    ///
    /// @param earlier  counters at the last report
    /// @param counters counters now
    /// @param time     between the two
    String since(Map<String, Object> earlier, Map<String, Object> counters, Duration time);

    /// How far the job has come in all.
    String sentence(Map<String, Object> counters);

    /// A counter of whole numbers; 0 where the job has none of this name yet.
    static long count(Map<String, Object> counters, String name) {
        return counters.get(name) instanceof Long count ? count : 0;
    }
}
