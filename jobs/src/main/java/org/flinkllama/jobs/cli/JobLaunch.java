package org.flinkllama.jobs.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.cli.arguments.RunArguments;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalRun;
import org.flinkllama.jobs.local.ProgressReport;

/// Runs a job from topics to topics: in this process, or where Flink's client runs this class, on its cluster.
record JobLaunch(TopicJob job, RunArguments arguments, ProgressReport report) {
    /// Whether Flink's own client runs this class, and not the `java` command: the client loads the job's jar by
    /// a class loader of its own.
    static boolean inCluster() {
        return Thread.currentThread().getContextClassLoader() != ClassLoader.getSystemClassLoader();
    }

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
        if (inCluster()) {
            submit(transactionTimeout);
            return;
        }
        Path folder = arguments.checkpointFolder().resolve(job.name() + "-" + fingerprint);
        new LocalRun(
                        folder,
                        arguments.restore(),
                        arguments.parallelism(),
                        TopicJob.configuration(arguments.checkpointInterval()))
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
        environment.configure(TopicJob.configuration(arguments.checkpointInterval()));
        environment.setParallelism(arguments.parallelism());
        job.build(environment, transactionTimeout);
        environment.execute(job.name());
    }
}
