package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.flinkllama.jobs.cluster.ClusterJob.Checkpoints;

/// What a fault did to one run.
///
/// @param seed       draws the moments, the victims and the length of outages
/// @param strikes    times that the fault struck
/// @param unfinished records of the input without a committed output when it struck last
/// @param restored   times that the job began from a checkpoint or savepoint, as its last JobManager counts
/// @param time       of the whole run
record Trial(Fault fault, long seed, int strikes, int unfinished, int restored, Comparison comparison, Duration time) {
    private static final int LONGEST_INTERVAL_MILLISECONDS = 700; // more than from one checkpoint to the next
    private static final int LONGEST_RECOVERY_MILLISECONDS = 8_000;

    /// Runs the workload undisturbed.
    static List<OutputRecord> undisturbed(Surroundings surroundings, Workload workload) throws InterruptedException {
        try (Run run = Run.start(surroundings, workload, "undisturbed", 2)) {
            run.awaitCommitted(workload.records());
            return run.finish();
        }
    }

    /// Runs the workload and lets a fault strike while it has outputs to come.
    ///
    /// @param mostStrikes times that it strikes at most; fewer where the work is done before
    static Trial of(
            Fault fault,
            int mostStrikes,
            long seed,
            Surroundings surroundings,
            Workload workload,
            List<OutputRecord> undisturbed)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        Random random = new Random(seed);
        surroundings.flink().awaitReady();
        String name = fault.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + Long.toHexString(seed);
        try (Run run = Run.start(surroundings, workload, name, fault.parallelism())) {
            int strikes = 0;
            int unfinished = 0;
            do {
                await(run, strikes, workload.records(), random);
                unfinished = run.unfinished();
                fault.strike(surroundings, run, random);
                strikes++;
            } while (strikes < mostStrikes && run.unfinished() > 0);
            run.awaitCommitted(workload.records());
            int restored = run.checkpoints().map(Checkpoints::restored).orElse(0);
            Comparison comparison = Comparison.of(undisturbed, run.finish());
            Duration time = Duration.ofNanos(System.nanoTime() - began);
            return new Trial(fault, seed, strikes, unfinished, restored, comparison, time);
        }
    }

    /// The first strike comes between a twentieth and the half of the outputs, at any moment between two
    /// checkpoints; a later one may hit the job while it recovers.
    private static void await(Run run, int strikes, int records, Random random) throws InterruptedException {
        if (strikes > 0 && random.nextBoolean()) {
            Thread.sleep(random.nextInt(LONGEST_RECOVERY_MILLISECONDS));
        } else {
            int left = run.unfinished();
            run.awaitCommitted(records - left + left / 20 + random.nextInt(1 + left * 9 / 20));
            Thread.sleep(random.nextInt(LONGEST_INTERVAL_MILLISECONDS));
        }
    }
}
