package org.flinkllama.jobs.bench.backfill;

import org.flinkllama.jobs.bench.speed.Speed;

/// How fast documents were enriched by the engine alone and by a backfill, one after the other and again.
///
/// @param sequences               requests computed beside each other
/// @param documents               in the archive
/// @param promptTokens            tokens of a prompt, on average
/// @param sharedTokens            of these, tokens in front that all prompts share
/// @param generatedTokens         tokens generated for a document, on average
/// @param engineTokensPerSecond   tokens of prompts, shared ones included, and generated tokens, without Flink
/// @param backfillTokensPerSecond the same of a whole backfill, start of Flink and last checkpoint included
/// @param share                   of the engine's speed that the backfill had just after it
/// @param engineProcessorSeconds  of all processors for a thousand tokens; 0 where the system does not tell. Other work
///                                on the machine changes it less than the speed
/// @param backfillProcessorSeconds the same of the backfill
public record BackfillSpeed(
        int threads,
        int sequences,
        long documents,
        double promptTokens,
        int sharedTokens,
        double generatedTokens,
        Speed engineTokensPerSecond,
        Speed backfillTokensPerSecond,
        Speed share,
        double engineProcessorSeconds,
        double backfillProcessorSeconds) {}
