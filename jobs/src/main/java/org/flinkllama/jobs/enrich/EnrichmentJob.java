package org.flinkllama.jobs.enrich;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordSinks;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.operators.enrich.EnrichmentPlan;

/// The enrichment job from Kafka to Kafka.
///
/// @param name  tells the job from others: two runs of one name are one job, and end each other's transactions
/// @param input what is read
/// @param plan  what is asked of the model
public record EnrichmentJob(
        String name, KafkaConnection connection, RecordSource input, Outputs outputs, EnrichmentPlan plan) {
    /// All topics of the job, the input first.
    public List<String> topics() {
        return List.of(input.topic(), outputs.enrichments(), outputs.deadLetters());
    }

    /// Adds the job's topology to `environment`.
    ///
    /// @param transactionTimeout milliseconds that a Kafka transaction may stay open
    public void build(StreamExecutionEnvironment environment, int transactionTimeout) {
        RecordSinks sinks = new RecordSinks(connection, "flink-llama-" + name, transactionTimeout);
        new EnrichmentPipeline(
                        input.open(connection),
                        sinks.enrichments(
                                outputs.enrichments(), outputs.format().enrichmentWriter()),
                        sinks.deadLetters(outputs.deadLetters()))
                .build(environment, plan);
    }

    /// What exactly-once needs of Flink, wherever the job runs.
    ///
    /// @param checkpointInterval time between checkpoints; results become visible with each
    public static Configuration configuration(Duration checkpointInterval) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        return configuration;
    }
}
