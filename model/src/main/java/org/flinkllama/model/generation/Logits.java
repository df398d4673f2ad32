package org.flinkllama.model.generation;

import org.flinkllama.model.kernel.Kernel;

/// The logits of a step, valid until the next one.
///
/// @param values `[row][vocabulary]`
record Logits(float[] values, int vocabularySize, Kernel kernel) {
    int offset(int row) {
        return row * vocabularySize;
    }

    /// Logarithm of the sum of exponentials of a row: what a logit must lose to become a log-probability.
    float normaliser(int row) {
        return kernel.logSumExp(values, offset(row), vocabularySize);
    }

    float logit(int row, int token) {
        return values[offset(row) + token];
    }
}
