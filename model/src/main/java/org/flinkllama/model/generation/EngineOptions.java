package org.flinkllama.model.generation;

import org.flinkllama.model.cache.CacheType;

/// Bounds of an engine.
///
/// @param threads       threads that compute, the engine's own included
/// @param maxSequences  sequences decoded beside each other
/// @param prefillChunk  prompt tokens computed in one step at most; bounds how long a step takes
/// @param contextLength positions of a sequence at most; 0 takes the model's own length
/// @param cachePositions positions that the cache of keys and values holds for all sequences; 0 holds as many full
///                      contexts as there are sequences
/// @param cacheType     how keys and values are stored. The only option that changes a result, slightly
public record EngineOptions(
        int threads, int maxSequences, int prefillChunk, int contextLength, long cachePositions, CacheType cacheType) {
    /// Prompt tokens of a step where nobody says otherwise.
    public static final int DEFAULT_PREFILL_CHUNK = 64;

    /// Sequences side by side where nobody says otherwise.
    public static final int DEFAULT_MAX_SEQUENCES = 8;

    public EngineOptions {
        require(threads >= 1, "threads", threads, "1 or more");
        require(maxSequences >= 1 && maxSequences <= 1024, "max-sequences", maxSequences, "1 to 1024");
        require(prefillChunk >= 1 && prefillChunk <= 8192, "prefill-chunk", prefillChunk, "1 to 8192");
        require(contextLength >= 0, "context-length", contextLength, "0 or more");
        require(cachePositions >= 0, "cache-positions", cachePositions, "0 or more");
    }

    /// With a cache in f32.
    public EngineOptions(int threads, int maxSequences, int prefillChunk, int contextLength, long cachePositions) {
        this(threads, maxSequences, prefillChunk, contextLength, cachePositions, CacheType.F32);
    }

    /// Defaults on this many threads.
    public static EngineOptions of(int threads) {
        return new EngineOptions(threads, DEFAULT_MAX_SEQUENCES, DEFAULT_PREFILL_CHUNK, 0, 0);
    }

    public EngineOptions withCacheType(CacheType other) {
        return new EngineOptions(threads, maxSequences, prefillChunk, contextLength, cachePositions, other);
    }

    private static void require(boolean valid, String option, long found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
