package org.flinkllama.jobs.enrich;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.local.JobFolder;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;

/// The enrichment job in this process. Killed in any way and started again, it goes on from its last checkpoint.
///
/// @param folder             carries the job's checkpoints from run to run; no other job's
/// @param restore            what it begins from
/// @param parallelism        subtasks of each operator
/// @param checkpointInterval time between checkpoints
public record LocalEnrichment(Path folder, Restore restore, int parallelism, Duration checkpointInterval) {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    /// Runs `job` until its input ends, it fails, or this thread is interrupted.
    ///
    /// @param transactionTimeout milliseconds that a Kafka transaction may stay open
    /// @param progress           where it is said how far the job is
    public void run(EnrichmentJob job, int transactionTimeout, PrintWriter progress) throws InterruptedException {
        try (JobFolder runs = JobFolder.open(folder)) {
            LocalFlink flink = new LocalFlink(EnrichmentJob.configuration(checkpointInterval), parallelism);
            String beginning = begin(flink.withRestarts(), runs);
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            job.build(environment, transactionTimeout);
            try (LocalJob running = LocalJob.start(environment, job.name())) {
                progress.println("Job '" + job.name() + "' runs " + beginning + "; checkpoints every "
                        + checkpointInterval.toMillis() / 1000.0 + " s in " + folder + ".");
                progress.flush();
                watch(running, progress);
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

    private void watch(LocalJob job, PrintWriter progress) throws InterruptedException {
        Progress reported = new Progress(0, 0, 0);
        long reportedAt = System.nanoTime();
        while (!job.ended(PATIENCE)) {
            Duration since = Duration.ofNanos(System.nanoTime() - reportedAt);
            if (since.compareTo(REPORT_INTERVAL) >= 0) {
                Progress current = Progress.of(job.counters());
                if (!current.equals(reported)) {
                    progress.println(current.since(reported, since));
                    progress.flush();
                }
                reported = current;
                reportedAt = System.nanoTime();
            }
        }
        progress.println("The input has ended: " + Progress.of(job.counters()).sentence() + ".");
        progress.flush();
    }
}
