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
    /// @param sampled    what an earlier run of the same request has sampled, by sequence; none where it begins
    ///                   anew. The run goes on from there; all that is heard of it is what an uninterrupted run
    // tells.
    record Generate(
            int[] prompt,
            SamplingOptions sampling,
            int sequences,
            int maxTokens,
            List<String> stop,
            TokenConstraint constraint,
            List<Sampled> sampled)
            implements Request {
        public Generate {
            stop = List.copyOf(stop);
            sampled = List.copyOf(sampled);
            if (prompt.length == 0 || sequences < 1 || maxTokens < 1) {
                throw new IllegalArgumentException(
                        "A generation needs a prompt of at least one token, one sequence and "
                                + "one token to generate; found " + prompt.length + ", " + sequences + ", " + maxTokens
                                + ".");
            }
            if (stop.stream().anyMatch(String::isEmpty)) {
                throw new IllegalArgumentException("A stop string is empty; leave it out.");
            }
            if (!sampled.isEmpty() && sampled.size() != sequences) {
                throw new IllegalArgumentException("A resumed generation of " + sequences
                        + " sequences has the tokens of " + sampled.size() + "; expected those of all, or of none.");
            }
        }

        /// A generation that begins anew.
        public Generate(
                int[] prompt,
                SamplingOptions sampling,
                int sequences,
                int maxTokens,
                List<String> stop,
                TokenConstraint constraint) {
            this(prompt, sampling, sequences, maxTokens, stop, constraint, List.of());
        }

        /// The same generation, resumed.
        public Generate resumedFrom(List<Sampled> earlier) {
            return new Generate(prompt, sampling, sequences, maxTokens, stop, constraint, earlier);
        }
    }

    /// Tokens that were sampled for a sequence, the one that ended its text included, and the logarithm of each one's
    /// probability.
    record Sampled(int[] tokens, float[] logProbabilities) {
        public Sampled {
            if (tokens.length != logProbabilities.length) {
                throw new IllegalArgumentException("A sequence has " + tokens.length + " tokens and "
                        + logProbabilities.length + " log-probabilities; expected one for each.");
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
