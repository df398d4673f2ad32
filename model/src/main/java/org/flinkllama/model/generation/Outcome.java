package org.flinkllama.model.generation;

import java.util.List;

/// What became of a request.
public sealed interface Outcome {
    /// @param completions  one for each sequence asked for, in order
    /// @param promptTokens tokens of the prompt
    record Generated(List<Completion> completions, int promptTokens) implements Outcome {}

    /// @param logProbabilities natural logarithms, `[continuation][token]`, of each continuation's tokens given the
    /// prompt and
    ///                         the tokens before
    /// @param promptTokens     tokens of the prompt
    record Scored(List<double[]> logProbabilities, int promptTokens) implements Outcome {}

    /// The request can't be done, or the model gave no usable numbers. The reason holds no text of the prompt.
    record Failed(String reason) implements Outcome {}

    /// One generated text.
    ///
    /// @param tokens           tokens generated, without the one that ended it
    /// @param logProbabilities natural logarithm of each token's probability (and, where the model ended its turn,
    ///                         of the ending token behind them) in the model's own distribution: temperature 1, no
    ///                         filters, no constraint
    /// @param text             the tokens as text, cut before a stop string
    record Completion(int[] tokens, float[] logProbabilities, String text, FinishReason finishReason) {}

    /// Why a text ended.
    enum FinishReason {
        /// The model ended its turn, or a stop string was met.
        STOP,
        /// The limit of generated tokens was reached.
        LENGTH,
        /// The model's context was full.
        CONTEXT
    }
}
