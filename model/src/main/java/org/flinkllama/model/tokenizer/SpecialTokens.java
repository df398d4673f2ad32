package org.flinkllama.model.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/// Tokens with a role in a model's vocabulary.
///
/// @param beginningOfSequence the token that starts a sequence, where the vocabulary has one
/// @param addBeginningOfSequence whether the file asks for that token before a raw prompt
/// @param endOfGeneration tokens that end a generation: end of sequence, end of turn, end of message
public record SpecialTokens(
        OptionalInt beginningOfSequence, boolean addBeginningOfSequence, Set<Integer> endOfGeneration) {
    public SpecialTokens {
        endOfGeneration = Set.copyOf(endOfGeneration);
        if (addBeginningOfSequence && beginningOfSequence.isEmpty()) {
            throw new IllegalArgumentException(
                    "The file asks for a beginning-of-sequence token and names none; set tokenizer.ggml.bos_token_id.");
        }
    }
}
