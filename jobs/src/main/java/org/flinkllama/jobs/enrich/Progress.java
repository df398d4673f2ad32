package org.flinkllama.jobs.enrich;

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

    private static long count(Map<String, Object> accumulators, String name) {
        return accumulators.get(name) instanceof Long count ? count : 0;
    }
}
