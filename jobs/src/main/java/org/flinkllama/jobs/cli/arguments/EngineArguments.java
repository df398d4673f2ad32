package org.flinkllama.jobs.cli.arguments;

import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How much an engine does beside each other and keeps. Changes speed and memory; the cache's type alone changes
/// results.
public final class EngineArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--max-sequences",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_MAX_SEQUENCES,
            description = "Requests computed beside each other, 1 to 1024. Default: ${DEFAULT-VALUE}.")
    private int maxSequences;

    @Option(
            names = "--prefill-chunk",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_PREFILL_CHUNK,
            description =
                    "Prompt tokens read in one step, 1 to 8192: fewer let running requests go on sooner, more read"
                            + " faster. Default: ${DEFAULT-VALUE}.")
    private int prefillChunk;

    @Option(
            names = "--cache-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens whose keys and values are kept, for all requests; requests wait where they find no"
                    + " room. Default: as many as all requests can have, within a quarter of the heap.")
    private long cacheTokens;

    @Mixin
    private CacheArguments cache;

    /// The replica with these bounds.
    public ReplicaOptions bound(ReplicaOptions replica) {
        return Usage.checked(command, () -> replica.withMaxSequences(maxSequences)
                .withPrefillChunk(prefillChunk)
                .withCacheTokens(cacheTokens)
                .withCacheType(cache.type()));
    }
}
