package org.flinkllama.model.llama;

import static org.flinkllama.model.gguf.GgufMetadata.required;

import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufMetadata;

/// Sizes of a Llama, from the metadata of its file.
///
/// @param layers        transformer blocks
/// @param width         numbers of a token between the blocks
/// @param feedForward   numbers of a token inside a feed-forward network
/// @param heads         query heads
/// @param keyValueHeads key-value heads; divides `heads`
/// @param headSize      dimensions of a head
/// @param contextLength positions that the model was trained for
/// @param epsilon       added to the mean square by RMSNorm
public record LlamaShape(
        int layers,
        int width,
        int feedForward,
        int heads,
        int keyValueHeads,
        int headSize,
        int contextLength,
        float epsilon) {
    private static final int MOST_LAYERS = 1024;
    private static final int LARGEST_SIZE = 1 << 20;

    /// Reads and checks the sizes.
    ///
    /// @throws GgufException if the file holds no Llama or its sizes contradict each other
    static LlamaShape read(GgufMetadata metadata) {
        String architecture = required("general.architecture", metadata.string("general.architecture"));
        if (!architecture.equals("llama")) {
            throw new GgufException("The file holds a model of architecture '" + architecture
                    + "'; supported: llama. Use a Llama, TinyLlama or SmolLM2 file.");
        }
        if (metadata.count("llama.expert_count").orElse(0) > 0) {
            throw new GgufException("The file holds a mixture of "
                    + metadata.count("llama.expert_count").get() + " experts; supported: dense Llama models.");
        }
        int width = size(metadata, "llama.embedding_length", LARGEST_SIZE);
        int heads = size(metadata, "llama.attention.head_count", width);
        int keyValueHeads = metadata.count("llama.attention.head_count_kv").orElse(heads);
        int headSize = metadata.count("llama.attention.key_length").orElse(width / heads);
        int valueSize = metadata.count("llama.attention.value_length").orElse(headSize);
        double epsilon = required(
                "llama.attention.layer_norm_rms_epsilon", metadata.decimal("llama.attention.layer_norm_rms_epsilon"));
        check(
                keyValueHeads >= 1 && heads % keyValueHeads == 0,
                "%d query heads and %d key-value heads; expected a divisor of the former",
                heads,
                keyValueHeads);
        check(
                headSize >= 2 && headSize <= width && headSize % 2 == 0,
                "heads of %d dimensions; expected an even number from 2 to %d",
                headSize,
                width);
        check(valueSize == headSize, "keys of %d and values of %d dimensions; expected the same", headSize, valueSize);
        check(epsilon > 0 && epsilon < 1, "an RMSNorm epsilon of %s; expected above 0 and below 1", epsilon);
        return new LlamaShape(
                size(metadata, "llama.block_count", MOST_LAYERS),
                width,
                size(metadata, "llama.feed_forward_length", LARGEST_SIZE),
                heads,
                keyValueHeads,
                headSize,
                size(metadata, "llama.context_length", 1 << 24),
                (float) epsilon);
    }

    private static int size(GgufMetadata metadata, String key, int most) {
        int value = required(key, metadata.count(key));
        if (value < 1 || value > most) {
            throw new GgufException("Metadata '" + key + "' is " + value + "; expected 1 to " + most + ".");
        }
        return value;
    }

    private static void check(boolean valid, String found, Object... values) {
        if (!valid) {
            throw new GgufException(
                    "The file describes " + found.formatted(values) + ". It is damaged or not a Llama.");
        }
    }

    /// What a page of the cache must hold.
    public CacheShape cacheShape() {
        return new CacheShape(layers, keyValueHeads, headSize);
    }

    /// Bytes of keys and values that the cache keeps for each token of a running sequence.
    public long cacheBytesPerToken(CacheType type) {
        return cacheShape().bytesPerPosition(type);
    }

    /// Numbers of all query heads of a token.
    int queryWidth() {
        return heads * headSize;
    }

    /// Numbers of all key heads of a token.
    int keyWidth() {
        return keyValueHeads * headSize;
    }
}
