package org.flinkllama.operators.task.method;

import java.util.List;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;

/// How a text is generated.
///
/// @param maxTokens tokens at most, 1 or more
public record Generation(SamplingOptions sampling, int maxTokens) {
    Request free(int[] prompt) {
        return constrained(prompt, TokenConstraint.NONE);
    }

    Request constrained(int[] prompt, TokenConstraint constraint) {
        return new Request.Generate(prompt, sampling, 1, maxTokens, List.of(), constraint);
    }
}
