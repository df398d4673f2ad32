package org.flinkllama.jobs.enrich;

import java.time.Duration;
import java.util.Map;
import org.flinkllama.jobs.local.ProgressReport;

/// How far a job has come since it first started: counts are in its checkpoints.
///
/// @param documents   documents enriched
/// @param tokens      tokens read and generated for them
/// @param deadLetters records refused
public record Progress(long documents, long tokens, long deadLetters) {
    static final String DOCUMENTS = "documents";
    static final String PROMPT_TOKENS = "prompt-tokens";
    static final String COMPLETION_TOKENS = "completion-tokens";
    static final String DEAD_LETTERS = "dead-letters";

    /// Reads the job's accumulators.
    public static Progress of(Map<String, Object> accumulators) {
        return new Progress(
                ProgressReport.count(accumulators, DOCUMENTS),
                ProgressReport.count(accumulators, PROMPT_TOKENS)
                        + ProgressReport.count(accumulators, COMPLETION_TOKENS),
                ProgressReport.count(accumulators, DEAD_LETTERS));
    }

    /// How far the job is and how fast it was since `earlier`.
    String since(Progress earlier, Duration time) {
        double tokensPerSecond = Math.max(0, tokens - earlier.tokens) / Math.max(0.001, time.toMillis() / 1000.0);
        return "%s; %,.0f tokens/s".formatted(sentence(), tokensPerSecond);
    }

    String sentence() {
        return "%,d documents enriched, %,d records refused".formatted(documents, deadLetters);
    }

    /// How the job says how far it is.
    public static ProgressReport report() {
        return new ProgressReport() {
            @Override
            public String since(Map<String, Object> earlier, Map<String, Object> counters, Duration time) {
                Progress before = of(earlier);
                Progress now = of(counters);
                return now.equals(before) ? "" : now.since(before, time);
            }

            @Override
            public String sentence(Map<String, Object> counters) {
                return of(counters).sentence();
            }
        };
    }
}
