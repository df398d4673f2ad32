package org.flinkllama.operators.replica;

import java.io.IOException;
import java.nio.file.Path;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.generation.EngineOptions;

/// A replica of a model file.
///
/// @param model         a GGUF file that can be had wherever an operator runs
/// @param threads       threads that compute; 0 takes as many as the process has processors
/// @param maxSequences  requests computed beside each other
/// @param prefillChunk  prompt tokens of a step at most; bounds how long a step takes
/// @param contextLength tokens of one request at most; 0 takes the model's own length, at most
///                      [#DEFAULT_MAX_CONTEXT_LENGTH]
/// @param cacheTokens   tokens whose keys and values are kept, for all requests; 0 takes as many as all requests
///                      can have, within a quarter of the heap. Requests wait where they find no room.
/// @param cacheType     how keys and values are stored: f16 takes half the memory of f32 and, alone of these
///                      options beside the model, changes results slightly
public record ReplicaOptions(
        WantedModel model,
        int threads,
        int maxSequences,
        int prefillChunk,
        int contextLength,
        long cacheTokens,
        CacheType cacheType)
        implements ReplicaSource {
    /// Models that could read more cost memory for keys and values with every position.
    public static final int DEFAULT_MAX_CONTEXT_LENGTH = 4096;

    private static final int HEAP_SHARE = 4;

    public ReplicaOptions {
        require(!model.location().text().isBlank(), "model", "empty", "the path of a GGUF file");
        require(threads >= 0, "threads", threads, "0 or more");
        require(maxSequences >= 1 && maxSequences <= 1024, "max-sequences", maxSequences, "1 to 1024");
        require(prefillChunk >= 1 && prefillChunk <= 8192, "prefill-chunk", prefillChunk, "1 to 8192");
        require(contextLength >= 0, "context-length", contextLength, "0 or more");
        require(cacheTokens >= 0, "cache-tokens", cacheTokens, "0 or more");
    }

    /// Defaults for a model file on this machine.
    public static ReplicaOptions of(Path model) {
        return of(WantedModel.at(new ModelLocation.Local(model.toString())));
    }

    /// Defaults for a model file, with a cache in f32.
    public static ReplicaOptions of(WantedModel model) {
        return new ReplicaOptions(
                model,
                0,
                EngineOptions.DEFAULT_MAX_SEQUENCES,
                EngineOptions.DEFAULT_PREFILL_CHUNK,
                0,
                0,
                CacheType.F32);
    }

    public ReplicaOptions withThreads(int other) {
        return new ReplicaOptions(model, other, maxSequences, prefillChunk, contextLength, cacheTokens, cacheType);
    }

    public ReplicaOptions withMaxSequences(int other) {
        return new ReplicaOptions(model, threads, other, prefillChunk, contextLength, cacheTokens, cacheType);
    }

    public ReplicaOptions withPrefillChunk(int other) {
        return new ReplicaOptions(model, threads, maxSequences, other, contextLength, cacheTokens, cacheType);
    }

    public ReplicaOptions withContextLength(int other) {
        return new ReplicaOptions(model, threads, maxSequences, prefillChunk, other, cacheTokens, cacheType);
    }

    public ReplicaOptions withCacheTokens(long other) {
        return new ReplicaOptions(model, threads, maxSequences, prefillChunk, contextLength, other, cacheType);
    }

    public ReplicaOptions withCacheType(CacheType other) {
        return new ReplicaOptions(model, threads, maxSequences, prefillChunk, contextLength, cacheTokens, other);
    }

    @Override
    public Replica open(ModelFiles files, Stay stay) throws IOException, InterruptedException {
        VectorModule.require();
        return ModelReplica.open(this, files.file(model), stay);
    }

    /// Bounds of the engine for a model that was trained for `trainedLength` positions.
    ///
    /// @param bytesPerToken of the cache
    EngineOptions engineOptions(int trainedLength, long bytesPerToken) {
        int context = contextLength == 0 ? Math.min(trainedLength, DEFAULT_MAX_CONTEXT_LENGTH) : contextLength;
        return new EngineOptions(
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                maxSequences,
                prefillChunk,
                context,
                cacheTokens == 0 ? defaultCacheTokens(context, bytesPerToken) : cacheTokens,
                cacheType);
    }

    private long defaultCacheTokens(int context, long bytesPerToken) {
        long fitting = Runtime.getRuntime().maxMemory() / HEAP_SHARE / bytesPerToken;
        return Math.clamp(fitting, context, (long) maxSequences * context);
    }

    private static void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
