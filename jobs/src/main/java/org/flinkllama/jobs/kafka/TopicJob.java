package org.flinkllama.jobs.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// A job from topics to topics, exactly once.
public interface TopicJob {
    /// A checkpoint that takes longer has failed.
    Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(2);

    /// Tells the job from others: two runs of one name are one job, and end each other's transactions.
    String name();

    KafkaConnection connection();

    /// All topics of the job, its input first.
    List<String> topics();

    /// Topic of the records that the job refuses.
    String deadLetters();

    /// Adds the job's topology to `environment`.
    ///
    /// @param transactionTimeout milliseconds that a Kafka transaction may stay open
    void build(StreamExecutionEnvironment environment, int transactionTimeout);

    /// What exactly-once needs of Flink, wherever a job runs.
    ///
    /// @param checkpointInterval time between checkpoints; results become visible with each
    static Configuration configuration(Duration checkpointInterval) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, tolerableFailures(checkpointInterval));
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        return configuration;
    }

    /// Checkpoints that may fail in a row before the job is restarted from the last good one. A restart brings no
    /// storage back that is gone for a while, and throws work away. But results lie in open transactions until a
    /// checkpoint is complete, and are lost when the broker gives those up, after 15 minutes where its limit is the
    /// usual one. So all failures together, each as late as can be, must fit into 14.
    private static int tolerableFailures(Duration checkpointInterval) {
        Duration longest =
                checkpointInterval.compareTo(CHECKPOINT_TIMEOUT) > 0 ? checkpointInterval : CHECKPOINT_TIMEOUT;
        // One interval of results before the first failure, and one checkpoint behind the last that is borne.
        return (int) Math.max(0, Duration.ofMinutes(14).dividedBy(longest) - 2);
    }
}
