package org.flinkllama.jobs.cli.backfill;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Model.CommandSpec;

/// Where a backfill runs, and what that makes of its options.
interface BackfillRun {
    /// What is run.
    ///
    /// @param name     of the job
    /// @param folder   of the output; empty where topics are written
    /// @param settings what tells this backfill from another, but for what is found when it begins
    /// @param out      where it is said how far the backfill is
    record Order(
            String name, Optional<String> folder, Options options, Map<String, String> settings, PrintWriter out) {}

    /// How it is run.
    ///
    /// @param restart whether what earlier runs did is deleted
    /// @param work    folder for checkpoints, where the user names one
    /// @param restore checkpoint or savepoint to go on from, where the user names one
    record Options(
            boolean restart,
            Optional<Path> work,
            Optional<String> restore,
            int parallelism,
            Duration checkpointInterval) {}

    /// A job and the replica in its plan.
    record Made(BackfillJob job, ReplicaOptions replica) {}

    /// Makes the job.
    @FunctionalInterface
    interface Job {
        /// @param range of the topic, where an earlier run has found it
        Made of(Optional<String> range) throws Exception;
    }

    /// Refuses options that mean nothing there.
    void check(Options options, CommandSpec command);

    /// A replica for each of `subtasks`.
    ReplicaOptions replica(ModelArguments model, int subtasks) throws IOException, InterruptedException;

    /// Runs the backfill, or hands it to whoever does.
    void run(Order order, Job maker) throws Exception;
}
