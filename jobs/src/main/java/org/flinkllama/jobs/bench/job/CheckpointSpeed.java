package org.flinkllama.jobs.bench.job;

/// How long checkpoints took while the job had more documents than it could take.
///
/// @param threads            that compute
/// @param inFlight           documents that were computed beside each other
/// @param promptTokens       tokens of a prompt, on average over the documents that came out
/// @param seconds            how long checkpoints were timed
/// @param documentsPerSecond what came out meanwhile
/// @param completed          checkpoints that were completed
/// @param failed             checkpoints that were not
/// @param medianMillis       end to end, from trigger to the last acknowledgement
/// @param p99Millis          99 % took this long at most
/// @param longestMillis      the longest
/// @param largestBytes       the largest checkpoint
/// @param heapBytes          the largest heap in use behind a collection
/// @param processBytesBegin  resident memory of the process at the begin, −1 where the system does not tell
/// @param processBytesEnd    the same at the end
public record CheckpointSpeed(
        int threads,
        int inFlight,
        double promptTokens,
        double seconds,
        double documentsPerSecond,
        int completed,
        int failed,
        long medianMillis,
        long p99Millis,
        long longestMillis,
        long largestBytes,
        long heapBytes,
        long processBytesBegin,
        long processBytesEnd) {}
