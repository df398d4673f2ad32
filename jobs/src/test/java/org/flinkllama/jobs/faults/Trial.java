package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.flinkllama.jobs.cluster.ClusterJob.Checkpoints;

/// What a fault did to one run.
///
/// @param seed       draws the moments, the victims and the length of outages
/// @param strikes    times that the fault struck
/// @param unfinished records of the input without a whole committed answer when it struck last
/// @param time       of the whole run
record Trial(
        Fault fault,
        Workload workload,
        long seed,
        int strikes,
        int unfinished,
        Recovery recovery,
        Comparison comparison,
        Duration time) {
    private static final int LONGEST_INTERVAL_MILLISECONDS = 700; // more than from one checkpoint to the next
    private static final int LONGEST_RECOVERY_MILLISECONDS = 8_000;

    /// What the job says of its restores.
    ///
    /// @param restores   times that it began from a checkpoint or savepoint, as its last JobManager counts
    /// @param resumed    tokens that it took from its state and did not sample again; at least so many
    /// @param recomputed tokens that it read or sampled again; at least so many
    record Recovery(int restores, long resumed, long recomputed) {}

    /// Whether it hit work in progress, which was then taken up again, and readers saw nothing of it. That work may
    /// have been no more than a prompt's beginning.
    boolean proves() {
        boolean wentOn = recovery.restores() > 0 && recovery.resumed() + recovery.recomputed() > 0;
        return comparison.exactlyOnce() && unfinished > 0 && (wentOn || !fault.restores());
    }

    /// Runs the workload and lets a fault strike while it has outputs to come.
    ///
    /// @param mostStrikes times that it strikes at most; fewer where the work is done before
    static Trial of(Fault fault, int mostStrikes, long seed, Surroundings surroundings, Reference reference)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        Random random = new Random(seed);
        surroundings.flink().awaitReady();
        Workload workload = reference.workload();
        String name = "%s-%s-%x"
                .formatted(
                        workload.input(), fault.name().toLowerCase(Locale.ROOT).replace('_', '-'), seed);
        try (Run run = Run.start(surroundings, workload, name, fault.parallelism())) {
            int strikes = 0;
            int unfinished = 0;
            do {
                await(run, strikes, workload.records(), random);
                unfinished = run.unfinished();
                fault.strike(surroundings, run, random);
                strikes++;
            } while (strikes < mostStrikes && run.unfinished() > 0);
            run.awaitAnswered(workload.records());
            if (fault.restores()) {
                run.awaitResumedWork();
            }
            int restored = run.checkpoints().map(Checkpoints::restored).orElse(0);
            Comparison comparison = Comparison.of(reference.outputs(), run.finish());
            Recovery recovery = new Recovery(restored, run.resumedTokens(), run.recomputedTokens());
            Duration time = Duration.ofNanos(System.nanoTime() - began);
            return new Trial(fault, workload, seed, strikes, unfinished, recovery, comparison, time);
        }
    }

    /// The first strike comes between a twentieth and the half of the outputs, at any moment between two
    /// checkpoints; a later one may hit the job while it recovers.
    private static void await(Run run, int strikes, int records, Random random) throws InterruptedException {
        if (strikes > 0 && random.nextBoolean()) {
            Thread.sleep(random.nextInt(LONGEST_RECOVERY_MILLISECONDS));
        } else {
            int left = run.unfinished();
            run.awaitAnswered(records - left + left / 20 + random.nextInt(1 + left * 9 / 20));
            Thread.sleep(random.nextInt(LONGEST_INTERVAL_MILLISECONDS));
        }
    }
}
