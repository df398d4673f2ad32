package org.flinkllama.jobs.bench;

import java.util.List;
import org.flinkllama.jobs.bench.speed.DecodeShape;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.model.cache.CacheType;

/// What is measured.
///
/// @param threads      counts of threads that compute
/// @param prefill      lengths of prompts that are read
/// @param batch        counts of sequences that are decoded beside each other
/// @param context      tokens of a sequence before decoding begins
/// @param decodeTokens tokens decoded of each sequence in a measurement
/// @param cacheType    how keys and values are stored
public record BenchOptions(
        List<Integer> threads,
        List<Integer> prefill,
        List<Integer> batch,
        int context,
        int decodeTokens,
        CacheType cacheType,
        Repetitions repetitions) {
    private static final int MOST_SEQUENCES = 1024;

    public BenchOptions {
        threads = List.copyOf(threads);
        prefill = List.copyOf(prefill);
        batch = List.copyOf(batch);
        threads.forEach(count -> require("threads", count, 1024));
        prefill.forEach(length -> require("prefill", length, 1 << 20));
        batch.forEach(sequences -> require("batch", sequences, MOST_SEQUENCES));
        require("context", context, 1 << 20);
        require("decode-tokens", decodeTokens, 1 << 20);
    }

    /// These options, once it is sure that a model of `contextLength` positions can read as many tokens as they ask.
    public BenchOptions checkedFor(int contextLength) {
        for (int length : prefill) {
            if (length > contextLength) {
                throw new IllegalArgumentException("Option 'prefill' is " + length + "; this model reads at most "
                        + contextLength + " tokens. Give it less, or choose another model.");
            }
        }
        for (int sequences : batch) {
            int positions = decode(sequences).positions();
            if (positions > contextLength) {
                throw new IllegalArgumentException("Options 'context' " + context + " and 'decode-tokens' "
                        + decodeTokens + " take " + positions + " positions at 'batch' " + sequences
                        + "; this model has " + contextLength + ". Lower one of them.");
            }
        }
        return this;
    }

    DecodeShape decode(int sequences) {
        return new DecodeShape(sequences, context, decodeTokens, cacheType);
    }

    private static void require(String option, int found, int most) {
        if (found < 1 || found > most) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected 1 to " + most + ".");
        }
    }
}
