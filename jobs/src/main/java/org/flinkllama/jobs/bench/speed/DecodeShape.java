package org.flinkllama.jobs.bench.speed;

import org.flinkllama.model.cache.CacheType;

/// What is decoded.
///
/// @param sequences sequences beside each other
/// @param context   tokens of each before the first that is decoded
/// @param steps     tokens decoded of each
/// @param cacheType how keys and values are stored
public record DecodeShape(int sequences, int context, int steps, CacheType cacheType) {
    /// Prompt tokens that are read in a step.
    int chunk() {
        return Math.min(sequences * context, PromptWorkload.LARGEST_CHUNK);
    }

    /// Tokens that a sequence generates at most: the first ones do so while the prompts of the last are read.
    int maxTokens() {
        return steps + Math.ceilDiv(sequences * context, chunk()) + 1;
    }

    /// Positions that a sequence takes at most.
    public int positions() {
        return context + maxTokens();
    }
}
