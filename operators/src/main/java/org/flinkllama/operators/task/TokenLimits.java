package org.flinkllama.operators.task;

import java.io.Serializable;

/// Tokens of an output at most, by task.
///
/// @param summary a summary, generated or chosen
/// @param answer  an answer
/// @param prompt  the output of one of the user's prompts
public record TokenLimits(int summary, int answer, int prompt) implements Serializable {
    public static final TokenLimits DEFAULT = new TokenLimits(96, 32, 128);

    public TokenLimits {
        require("summary-max-tokens", summary);
        require("answer-max-tokens", answer);
        require("prompt-max-tokens", prompt);
    }

    private static void require(String option, int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("Option '" + option + "' is " + tokens + "; expected 1 or more.");
        }
    }
}
