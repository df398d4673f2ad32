package org.flinkllama.operators.task.method;

import org.flinkllama.model.generation.Outcome;
import org.flinkllama.schemas.v1.FinishReason;

/// Reads outcomes of the kind that was asked for, and the probabilities in them.
final class Outcomes {
    private Outcomes() {}

    static Outcome.Scored scored(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Scored scored -> scored;
            case Outcome.Generated _, Outcome.Failed _ -> throw unexpected(outcome, "scores");
        };
    }

    static Outcome.Completion completion(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Generated generated -> generated.completions().getFirst();
            case Outcome.Scored _, Outcome.Failed _ -> throw unexpected(outcome, "a text");
        };
    }

    /// Geometric mean of the probabilities of a text's tokens and of its end; 0 without tokens.
    static double confidence(Outcome.Completion completion) {
        double sum = 0;
        for (float logProbability : completion.logProbabilities()) {
            sum += logProbability;
        }
        int count = completion.logProbabilities().length;
        return count == 0 ? 0 : Math.clamp(Math.exp(sum / count), 0, 1);
    }

    static double sum(double[] logProbabilities) {
        double sum = 0;
        for (double logProbability : logProbabilities) {
            sum += logProbability;
        }
        return sum;
    }

    static FinishReason reason(Outcome.Completion completion) {
        return switch (completion.finishReason()) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case CONTEXT -> FinishReason.CONTEXT;
        };
    }

    private static IllegalStateException unexpected(Outcome outcome, String expected) {
        return new IllegalStateException("The engine answered with "
                + outcome.getClass().getSimpleName() + "; expected " + expected + " for what was asked.");
    }
}
