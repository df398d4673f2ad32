package org.flinkllama.model.generation;

import java.util.List;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;

/// Work for an engine. Immutable: arrays must not be changed once handed over.
public sealed interface Request {
    /// Token ids that the model reads first; at least one.
    int[] prompt();

    /// Text to generate behind a prompt.
    ///
    /// @param sequences  independent continuations of the prompt, 1 or more; they differ by their draws
    /// @param maxTokens  tokens generated at most for each, 1 or more
    /// @param stop       strings that end a text; they are not part of it
    /// @param constraint tokens that may come next
    record Generate(
            int[] prompt,
            SamplingOptions sampling,
            int sequences,
            int maxTokens,
            List<String> stop,
            TokenConstraint constraint)
            implements Request {
        public Generate {
            stop = List.copyOf(stop);
            if (prompt.length == 0 || sequences < 1 || maxTokens < 1) {
                throw new IllegalArgumentException(
                        "A generation needs a prompt of at least one token, one sequence and "
                                + "one token to generate; found " + prompt.length + ", " + sequences + ", " + maxTokens
                                + ".");
            }
            if (stop.stream().anyMatch(String::isEmpty)) {
                throw new IllegalArgumentException("A stop string is empty; leave it out.");
            }
        }
    }

    /// Continuations of a prompt to score, nothing generated. All are computed on one shared prompt.
    ///
    /// @param continuations token ids of each; at least one continuation, each of at least one token
    record Score(int[] prompt, List<int[]> continuations) implements Request {
        public Score {
            continuations = List.copyOf(continuations);
            if (prompt.length == 0
                    || continuations.isEmpty()
                    || continuations.stream().anyMatch(c -> c.length == 0)) {
                throw new IllegalArgumentException(
                        "Scoring needs a prompt and at least one continuation, each of at least one token.");
            }
        }
    }
}
