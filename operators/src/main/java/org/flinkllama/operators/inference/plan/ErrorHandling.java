package org.flinkllama.operators.inference.plan;

import java.io.Serializable;

/// What becomes of a record whose inference failed.
///
/// @param retries with [Strategy#RETRY], how often a request is made again before its record is given up
public record ErrorHandling(Strategy strategy, int retries) implements Serializable {
    public static final ErrorHandling DEFAULT = new ErrorHandling(Strategy.DEAD_LETTER, 0);

    public ErrorHandling {
        if (retries < 0) {
            throw new IllegalArgumentException("Option 'retry-num' is " + retries + "; expected 0 or more.");
        }
    }

    /// What is done first.
    public enum Strategy {
        /// The request is made again, and its record becomes a dead letter when that did not help.
        RETRY,
        /// The record becomes a dead letter.
        DEAD_LETTER,
        /// The job fails.
        FAIL
    }
}
