package org.flinkllama.jobs.enrich;

import java.time.Duration;
import java.util.Map;

/// How far a job has come since it started or was last restarted. A record that is read again after a failure
/// counts again.
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
                count(accumulators, DOCUMENTS),
                count(accumulators, PROMPT_TOKENS) + count(accumulators, COMPLETION_TOKENS),
                count(accumulators, DEAD_LETTERS));
    }

    /// How far the job is and how fast it was since `earlier`.
    String since(Progress earlier, Duration time) {
        double tokensPerSecond = Math.max(0, tokens - earlier.tokens) / Math.max(0.001, time.toMillis() / 1000.0);
        return "%s; %,.0f tokens/s".formatted(sentence(), tokensPerSecond);
    }

    String sentence() {
        return "%,d documents enriched, %,d records refused".formatted(documents, deadLetters);
    }

    private static long count(Map<String, Object> accumulators, String name) {
        return accumulators.get(name) instanceof Long count ? count : 0;
    }
}
