package org.flinkllama.jobs.local;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// A job in this process that goes on from its last checkpoint when it is killed in any way and started again.
///
/// @param folder        carries the job's checkpoints from run to run; no other job's
/// @param restore       what it begins from
/// @param parallelism   subtasks of each operator
/// @param configuration what the job needs of Flink
public record LocalRun(Path folder, Restore restore, int parallelism, Configuration configuration) {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    /// Runs a job until its input ends, it fails, or this thread is interrupted.
    ///
    /// @param topology adds the job's operators
    /// @param report   says how far the job is
    /// @param progress where that is said
    public void run(
            String name, Consumer<StreamExecutionEnvironment> topology, ProgressReport report, PrintWriter progress)
            throws InterruptedException {
        try (JobFolder runs = JobFolder.open(folder)) {
            LocalFlink flink = new LocalFlink(configuration, parallelism);
            String beginning = begin(flink.withRestarts(), runs);
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            topology.accept(environment);
            try (LocalJob running = LocalJob.start(environment, name)) {
                Duration interval = configuration.get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
                progress.println("Job '" + name + "' runs " + beginning + "; checkpoints every "
                        + interval.toMillis() / 1000.0 + " s in " + folder + ".");
                progress.flush();
                watch(running, report, progress);
            }
        }
    }

    /// Sets what Flink begins from, and says it.
    private String begin(LocalFlink flink, JobFolder runs) {
        return switch (restore) {
            case Restore.Automatic() -> {
                Optional<Path> checkpoint = runs.lastCheckpoint();
                flink.withCheckpoints(runs.nextRun());
                checkpoint.ifPresent(flink::goingOnFrom);
                yield checkpoint
                        .map(path -> "on from checkpoint " + path.getFileName())
                        .orElse("from the start");
            }
            case Restore.Nothing() -> {
                flink.withCheckpoints(runs.nextRunAnew());
                yield "anew";
            }
            case Restore.From(Path checkpoint) -> {
                flink.withCheckpoints(runs.nextRunFrom(checkpoint)).beginningFrom(checkpoint);
                yield "from " + checkpoint;
            }
        };
    }

    private static void watch(LocalJob job, ProgressReport report, PrintWriter progress) throws InterruptedException {
        Map<String, Object> reported = Map.of();
        long reportedAt = System.nanoTime();
        while (!job.ended(PATIENCE)) {
            Duration since = Duration.ofNanos(System.nanoTime() - reportedAt);
            if (since.compareTo(REPORT_INTERVAL) >= 0) {
                Map<String, Object> current = job.counters();
                String sentence = report.since(reported, current, since);
                if (!sentence.isEmpty()) {
                    progress.println(sentence);
                    progress.flush();
                }
                reported = current;
                reportedAt = System.nanoTime();
            }
        }
        progress.println("The input has ended: " + report.sentence(job.counters()) + ".");
        progress.flush();
    }
}
