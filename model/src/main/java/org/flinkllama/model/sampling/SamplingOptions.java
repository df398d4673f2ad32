package org.flinkllama.model.sampling;

import java.io.Serializable;

/// How the next token is drawn. Temperature 0 takes the most likely token (the lowest id on a tie); the filters
/// then have no effect, the repetition penalty still has.
///
/// @param temperature       0 or more
/// @param topK              keep this many most likely tokens; 0 keeps all
/// @param topP              keep the most likely tokens whose probabilities reach this sum, in (0, 1]; 1 keeps all
/// @param minP              drop tokens below this share of the most likely one's probability, in [0, 1); 0 keeps
///                         all
/// @param repetitionPenalty divides positive and multiplies negative logits of tokens seen; 1 changes nothing
/// @param seed              with the position, decides every draw
public record SamplingOptions(float temperature, int topK, float topP, float minP, float repetitionPenalty, long seed)
        implements Serializable {
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 0);

    public SamplingOptions {
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        require(topK >= 0, "top-k", topK, "0 or more");
        require(topP > 0 && topP <= 1, "top-p", topP, "above 0, to 1");
        require(minP >= 0 && minP < 1, "min-p", minP, "0 to below 1");
        require(
                repetitionPenalty > 0 && repetitionPenalty <= 100,
                "repetition-penalty",
                repetitionPenalty,
                "above 0, to 100");
    }

    private static void require(boolean valid, String option, Number found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
