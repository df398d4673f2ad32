package org.flinkllama.jobs.converse;

import java.time.Duration;
import java.util.Map;
import org.flinkllama.jobs.local.ProgressReport;

/// Says how far the conversation job has come since it started or was last restarted. A turn that is read again
/// after a failure counts again.
public final class TurnProgress implements ProgressReport {
    static final String REPLIES = "replies";
    static final String TOKENS = "tokens";
    static final String REFUSED = "refused";

    @Override
    public String since(Map<String, Object> earlier, Map<String, Object> counters, Duration time) {
        if (counters.equals(earlier)) {
            return "";
        }
        long tokens = ProgressReport.count(counters, TOKENS) - ProgressReport.count(earlier, TOKENS);
        double seconds = Math.max(0.001, time.toMillis() / 1000.0);
        return "%s; %,.0f tokens/s".formatted(sentence(counters), Math.max(0, tokens) / seconds);
    }

    @Override
    public String sentence(Map<String, Object> counters) {
        return "%,d turns answered, %,d records refused"
                .formatted(ProgressReport.count(counters, REPLIES), ProgressReport.count(counters, REFUSED));
    }
}
