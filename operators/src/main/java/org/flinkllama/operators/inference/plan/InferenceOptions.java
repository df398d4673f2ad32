package org.flinkllama.operators.inference.plan;

import java.io.Serializable;
import java.time.Duration;

/// How an operator treats its records, whatever it makes of them. Nothing here changes an output.
///
/// @param maxInFlight   records that a subtask works on at once; a few times as many wait in state, the rest in the
///                      source
/// @param timeout       how long a record may be worked on before it becomes a dead letter; zero for ever
/// @param errorHandling what becomes of a record whose inference failed
/// @param maxAttempts   how often work on a record is begun after a crash in the middle of it
public record InferenceOptions(
        int maxInFlight, OutputMode outputMode, Duration timeout, ErrorHandling errorHandling, int maxAttempts)
        implements Serializable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
    private static final int DEFAULT_MAX_ATTEMPTS = 3;
    private static final int OPEN_FOR_EACH_IN_FLIGHT = 4;

    public InferenceOptions {
        require(maxInFlight >= 1, "max-in-flight", maxInFlight, "1 or more records");
        require(!timeout.isNegative(), "timeout", timeout, "0 or more");
        require(maxAttempts >= 1, "max-attempts", maxAttempts, "1 or more");
    }

    /// Records that a subtask has taken in and not finished, at most, beside the one that it is taking in: enough that
    /// many of one key, which wait for each other, leave work for the others.
    public int maxOpen() {
        return Math.multiplyExact(OPEN_FOR_EACH_IN_FLIGHT, maxInFlight);
    }

    /// Defaults for this many records at once.
    public static InferenceOptions of(int maxInFlight) {
        return new InferenceOptions(
                maxInFlight, OutputMode.ALLOW_UNORDERED, DEFAULT_TIMEOUT, ErrorHandling.DEFAULT, DEFAULT_MAX_ATTEMPTS);
    }

    public InferenceOptions withMaxInFlight(int records) {
        return new InferenceOptions(records, outputMode, timeout, errorHandling, maxAttempts);
    }

    public InferenceOptions withOutputMode(OutputMode other) {
        return new InferenceOptions(maxInFlight, other, timeout, errorHandling, maxAttempts);
    }

    public InferenceOptions withTimeout(Duration other) {
        return new InferenceOptions(maxInFlight, outputMode, other, errorHandling, maxAttempts);
    }

    public InferenceOptions withErrorHandling(ErrorHandling other) {
        return new InferenceOptions(maxInFlight, outputMode, timeout, other, maxAttempts);
    }

    public InferenceOptions withMaxAttempts(int attempts) {
        return new InferenceOptions(maxInFlight, outputMode, timeout, errorHandling, attempts);
    }

    private static void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
