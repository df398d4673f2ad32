package org.flinkllama.jobs.bench.backfill;

import java.time.Duration;
import org.flinkllama.jobs.bench.speed.Workload.Work;

/// Documents that went through, and what it took.
///
/// @param nanos          on the clock
/// @param processorNanos of all processors together, by this process
record Passage(TokenCount tokens, long nanos, long processorNanos) {
    private static final double NANOS = 1e9;

    /// A moment from which time is taken.
    record Start(long nanos, long processorNanos) {
        static Start now() {
            return new Start(System.nanoTime(), processorTime());
        }

        Passage end(TokenCount tokens) {
            return new Passage(tokens, System.nanoTime() - nanos, processorTime() - processorNanos);
        }

        private static long processorTime() {
            return ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .orElse(Duration.ZERO)
                    .toNanos();
        }
    }

    Passage with(TokenCount counted) {
        return new Passage(counted, nanos, processorNanos);
    }

    Work work() {
        return new Work(tokens.all(), nanos);
    }

    double tokensPerSecond() {
        return work().perSecond();
    }

    /// Seconds of processors for a thousand tokens; 0 where the system does not tell.
    double processorSeconds() {
        return processorNanos / NANOS * 1000 / tokens.all();
    }
}
