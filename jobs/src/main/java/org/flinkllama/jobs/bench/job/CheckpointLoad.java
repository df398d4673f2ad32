package org.flinkllama.jobs.bench.job;

import java.time.Duration;
import org.flinkllama.jobs.bench.documents.DocumentStream;

/// A load under which checkpoints are timed: a source that always has one more document, with prompts so long that
/// one alone takes long.
///
/// @param duration     how long checkpoints are timed, behind the first results
/// @param inFlight     documents that are computed beside each other
/// @param promptTokens tokens of a prompt, roughly
public record CheckpointLoad(Duration duration, int inFlight, int promptTokens) {
    /// Tokens generated for a document.
    static final int GENERATED_TOKENS = 40;

    static final int SHARED_TOKENS = 60;

    public CheckpointLoad {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "Option 'checkpoints' is " + duration.toMillis() + "ms; expected 1s or more.");
        }
        if (inFlight < 1) {
            throw new IllegalArgumentException("Option 'in-flight' is " + inFlight + "; expected 1 or more.");
        }
        if (promptTokens <= SHARED_TOKENS) {
            throw new IllegalArgumentException(
                    "Option 'prompt-tokens' is " + promptTokens + "; expected " + (SHARED_TOKENS + 1) + " or more.");
        }
    }

    DocumentStream stream() {
        return new DocumentStream(1, inFlight, promptTokens, SHARED_TOKENS, GENERATED_TOKENS);
    }
}
