package org.flinkllama.jobs.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.cli.job.RunArguments;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalRun;
import org.flinkllama.jobs.local.ProgressReport;

/// Runs a job from topics to topics.
///
/// @param onCluster in the environment that Flink gives, instead of a Flink in this process
record JobLaunch(TopicJob job, RunArguments arguments, ProgressReport report, boolean onCluster) {
    /// Returns when the job has ended, or was handed to a cluster.
    ///
    /// @param err where it is said how far the job is
    void run(PrintWriter err) throws Exception {
        String input = job.topics().getFirst();
        String fingerprint;
        int transactionTimeout;
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            prepareTopics(cluster, input, err);
            fingerprint = cluster.fingerprint(input);
            transactionTimeout = cluster.transactionTimeout();
        }
        if (onCluster) {
            submit(transactionTimeout);
            return;
        }
        Path folder = arguments.checkpointFolder().resolve(job.name() + "-" + fingerprint);
        new LocalRun(
                        folder,
                        arguments.restore(),
                        arguments.execution().parallelism(),
                        TopicJob.configuration(arguments.execution().checkpointInterval()))
                .run(
                        job.name(),
                        environment -> job.build(environment, transactionTimeout),
                        report,
                        arguments.progress(err));
    }

    private void prepareTopics(KafkaCluster cluster, String input, PrintWriter err) {
        if (arguments.createTopics()) {
            cluster.create(List.of(input), 1);
            cluster.createDeadLetters(job.deadLetters(), input);
            cluster.create(job.topics(), cluster.partitions(input));
        } else {
            cluster.requireTopics(job.topics());
        }
        cluster.adviceOnRecordLimits(input, job.deadLetters()).ifPresent(err::println);
    }

    private void submit(int transactionTimeout) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.configure(configuration());
        environment.setParallelism(arguments.execution().parallelism());
        job.build(environment, transactionTimeout);
        environment.execute(job.name());
    }

    /// Of the job alone: where checkpoints lie and how failures are met is the cluster's to say.
    private Configuration configuration() {
        Configuration configuration =
                TopicJob.configuration(arguments.execution().checkpointInterval());
        arguments.savepoint().ifPresent(path -> configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, path));
        return configuration;
    }
}
