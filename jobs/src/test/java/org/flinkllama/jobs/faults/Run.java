package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.flinkllama.jobs.cluster.ClusterJob;
import org.flinkllama.jobs.cluster.ClusterJob.Checkpoints;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.schemas.v1.InputRecord;

/// One run of a workload over its whole input, and a reader of what it commits.
final class Run implements AutoCloseable {
    static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration COUNTERS_PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STATE_INTERVAL = Duration.ofSeconds(5).toNanos();
    // The JobManager asks the tasks only when it is asked itself, and not more often than every half second.
    private static final Duration COUNT_INTERVAL = Duration.ofMillis(700);

    private final Surroundings surroundings;
    private final Workload workload;
    private final String name;
    private final CommittedReader reader;
    private final List<OutputRecord> committed = new ArrayList<>();
    private final CounterRises resumed = new CounterRises("resumedTokens");
    private final CounterRises recomputed = new CounterRises("recomputedTokens");
    private ClusterJob job;
    private int answered;
    private long nextCount = System.nanoTime();

    private Run(Surroundings surroundings, Workload workload, String name, CommittedReader reader) {
        this.surroundings = surroundings;
        this.workload = workload;
        this.name = name;
        this.reader = reader;
    }

    static Run start(Surroundings surroundings, Workload workload, String name, int parallelism) {
        List<String> topics = workload.outputs(name);
        try (KafkaCluster cluster = KafkaCluster.connect(surroundings.kafka())) {
            cluster.create(topics, PARTITIONS);
        }
        Run run = new Run(surroundings, workload, name, new CommittedReader(surroundings.kafka(), topics));
        run.submit(parallelism, Optional.empty());
        return run;
    }

    /// Of the job as it runs now; empty while no JobManager has it.
    Optional<Checkpoints> checkpoints() throws InterruptedException {
        return job.checkpoints();
    }

    /// Records of the input whose whole answer a reader has seen.
    int answered() {
        return answered;
    }

    /// Records of the input whose whole answer no reader has seen.
    int unfinished() throws InterruptedException {
        read();
        return workload.records() - answered;
    }

    /// Tokens that the job took from its state after restores and did not sample again; at least so many.
    long resumedTokens() {
        return resumed.sum();
    }

    /// Tokens that the job read or sampled again after restores; at least so many.
    long recomputedTokens() {
        return recomputed.sum();
    }

    /// Reads until so many records are answered.
    void awaitAnswered(int records) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long nextLook = System.nanoTime() + STATE_INTERVAL;
        while (answered < records) {
            read();
            if (System.nanoTime() > nextLook) {
                nextLook = System.nanoTime() + STATE_INTERVAL;
                assertThat(job.state().orElse("unknown"))
                        .as("state of job %s of run '%s'", job.id(), name)
                        .isNotIn("FAILED", "CANCELED", "FINISHED");
            }
            if (System.nanoTime() > end) {
                fail(
                        "Run '%s' answered %d of %d records within %s; its job is %s.",
                        name, answered, records, PATIENCE, job.state().orElse("unknown"));
            }
        }
    }

    /// Waits until the job has said that it took work up again. It says so within half a minute, which is longer
    /// than its JobManager waits for a TaskManager that is dead.
    void awaitResumedWork() throws InterruptedException {
        long end = System.nanoTime() + COUNTERS_PATIENCE.toNanos();
        while (resumed.sum() + recomputed.sum() == 0 && System.nanoTime() < end) {
            read();
        }
    }

    /// Stops the job with a savepoint and goes on from there.
    void rescale(int parallelism) throws InterruptedException {
        submit(parallelism, Optional.of(stop()));
    }

    /// Stops the job, so that nothing more can come, and reads to the end.
    List<OutputRecord> finish() throws InterruptedException {
        stop();
        do {
            read();
        } while (!reader.atEnd());
        return List.copyOf(committed);
    }

    @Override
    public void close() {
        reader.close();
    }

    private Path stop() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!job.allTasksRun()) {
            assertThat(System.nanoTime())
                    .as("time until all tasks of run '%s' run", name)
                    .isLessThan(end);
            Thread.sleep(POLL);
        }
        count();
        return job.stopWithSavepoint(surroundings.savepoints());
    }

    private void read() throws InterruptedException {
        for (InputRecord record : reader.poll(POLL)) {
            OutputRecord output = OutputRecord.of(record, workload, name);
            committed.add(output);
            answered += output.origin().last() ? 1 : 0;
        }
        if (System.nanoTime() > nextCount) {
            count();
            nextCount = System.nanoTime() + COUNT_INTERVAL.toNanos();
        }
    }

    private void count() throws InterruptedException {
        Map<String, Long> counters = job.counters(Set.of(resumed.counter(), recomputed.counter()));
        resumed.look(counters);
        recomputed.look(counters);
    }

    private void submit(int parallelism, Optional<Path> savepoint) {
        Configuration configuration = workload.configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                surroundings.checkpoints().link().toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(500));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(2));
        savepoint.ifPresent(path -> configuration.set(
                StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
        job = surroundings
                .flink()
                .submit(
                        name,
                        configuration,
                        environment -> workload.build(
                                environment, surroundings.kafka(), name, surroundings.transactionTimeout()));
    }
}
