package org.flinkllama.jobs.bench;

import java.util.List;
import org.flinkllama.jobs.bench.backfill.BackfillSpeed;
import org.flinkllama.jobs.bench.job.CheckpointSpeed;
import org.flinkllama.jobs.bench.job.DocumentSpeed;
import org.flinkllama.jobs.bench.speed.Speed;

/// All figures of one run. Its JSON has the names of its components.
///
/// @param cacheType  how keys and values were stored, as the option has it
/// @param loadBefore average of processes that wanted to run in the minute before, negative where unknown
/// @param loadAfter  the same at the end; the measuring itself counts
/// @param memoryRead one for each count of threads
/// @param documents  the whole Flink job
/// @param checkpoints its checkpoints under more load than it can take
/// @param backfills  a whole backfill, beside the engine alone
public record BenchReport(
        MeasuredModel model,
        String cacheType,
        Machine machine,
        double loadBefore,
        double loadAfter,
        List<MemoryRead> memoryRead,
        List<Prefill> prefill,
        List<Decode> decode,
        List<DocumentSpeed> documents,
        List<CheckpointSpeed> checkpoints,
        List<BackfillSpeed> backfills) {
    /// How fast memory can be read.
    public record MemoryRead(int threads, double gigabytesPerSecond) {}

    /// How fast a prompt is read, its last token's successor sampled.
    ///
    /// @param tokens of the prompt
    public record Prefill(int threads, int tokens, Speed tokensPerSecond) {}

    /// How fast sequences are decoded beside each other, all together.
    ///
    /// @param tokensPerSecond           through the engine, sampling and text included
    /// @param decoderTokensPerSecond    logits alone
    /// @param weightGigabytesPerSecond  weights read by the engine's steps; every step reads all
    /// @param shareOfMemoryRead         the same as a share of what memory gives to as many threads
    public record Decode(
            int threads,
            int sequences,
            int context,
            Speed tokensPerSecond,
            Speed decoderTokensPerSecond,
            double weightGigabytesPerSecond,
            double shareOfMemoryRead) {}
}
