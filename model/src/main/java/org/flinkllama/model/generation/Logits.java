package org.flinkllama.model.generation;

import org.flinkllama.model.kernel.Kernel;

/// The logits of a step, valid until the next one. Reused from step to step.
final class Logits {
    private final int vocabularySize;
    private final Kernel kernel;
    private float[] values = {}; // [row][vocabulary]

    Logits(int vocabularySize, Kernel kernel) {
        this.vocabularySize = vocabularySize;
        this.kernel = kernel;
    }

    void take(float[] next) {
        values = next;
    }

    float[] values() {
        return values;
    }

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
