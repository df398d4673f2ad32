package org.flinkllama.model.tokenizer;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.flinkllama.model.gguf.GgufMetadata;

/// Tokens with a role in a model's vocabulary.
///
/// @param beginningOfSequence the token that starts a sequence, where the vocabulary has one
/// @param addBeginningOfSequence whether the file asks for that token before a raw prompt
/// @param endOfGeneration tokens that end a generation: end of sequence, end of turn, end of message
public record SpecialTokens(
        OptionalInt beginningOfSequence, boolean addBeginningOfSequence, Set<Integer> endOfGeneration) {
    private static final String BEGINNING = "tokenizer.ggml.bos_token_id";
    private static final String ADD_BEGINNING = "tokenizer.ggml.add_bos_token";
    private static final List<String> ENDS =
            List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id");
    // Control tokens that end a turn wherever a vocabulary has them; many files name only one of theirs as an end.
    private static final List<String> END_PIECES =
            List.of("</s>", "<|end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|im_end|>", "<|endoftext|>");

    public SpecialTokens {
        endOfGeneration = Set.copyOf(endOfGeneration);
        if (addBeginningOfSequence && beginningOfSequence.isEmpty()) {
            throw new IllegalArgumentException(
                    "The file asks for a beginning-of-sequence token and names none; set tokenizer.ggml.bos_token_id.");
        }
    }

    /// What a file says of its tokens' roles.
    ///
    /// @param addByDefault whether the beginning of sequence is wanted where the file doesn't say
    static SpecialTokens read(GgufMetadata metadata, Vocabulary vocabulary, boolean addByDefault) {
        OptionalInt beginning = token(metadata, BEGINNING, vocabulary);
        if (beginning.isEmpty()) {
            beginning = vocabulary.control("<s>");
        }
        Optional<Boolean> add = metadata.bool(ADD_BEGINNING);
        if (beginning.isEmpty() && add.orElse(false)) {
            throw new TokenizerException("Metadata '" + ADD_BEGINNING + "' is true and '" + BEGINNING
                    + "' is missing; expected the token that starts a sequence. Set one of them in the file.");
        }
        Set<Integer> ends = new HashSet<>();
        ENDS.forEach(key -> token(metadata, key, vocabulary).ifPresent(ends::add));
        END_PIECES.forEach(piece -> vocabulary.control(piece).ifPresent(ends::add));
        return new SpecialTokens(beginning, add.orElse(addByDefault && beginning.isPresent()), ends);
    }

    private static OptionalInt token(GgufMetadata metadata, String key, Vocabulary vocabulary) {
        Optional<Integer> token = metadata.count(key);
        token.filter(id -> id >= vocabulary.size()).ifPresent(id -> {
            throw new TokenizerException("Metadata '" + key + "' is " + id + "; expected 0 to "
                    + (vocabulary.size() - 1) + ", the tokens of the vocabulary.");
        });
        return token.isPresent() ? OptionalInt.of(token.get()) : OptionalInt.empty();
    }
}
