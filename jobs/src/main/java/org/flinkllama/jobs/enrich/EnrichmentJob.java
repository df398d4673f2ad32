package org.flinkllama.jobs.enrich;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordSinks;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.operators.enrich.EnrichmentPlan;

/// The enrichment job from Kafka to Kafka.
///
/// @param name  tells the job from others: two runs of one name are one job, and end each other's transactions
/// @param input what is read
/// @param plan  what is asked of the model
public record EnrichmentJob(
        String name, KafkaConnection connection, RecordSource input, Outputs outputs, EnrichmentPlan plan)
        implements TopicJob {
    @Override
    public List<String> topics() {
        return List.of(input.topic(), outputs.enrichments(), outputs.deadLetters());
    }

    @Override
    public String deadLetters() {
        return outputs.deadLetters();
    }

    @Override
    public void build(StreamExecutionEnvironment environment, int transactionTimeout) {
        RecordSinks sinks = new RecordSinks(connection, "flink-llama-" + name, transactionTimeout);
        new EnrichmentPipeline(
                        input.open(connection),
                        sinks.enrichments(outputs.enrichments(), outputs.writer()),
                        sinks.deadLetters(outputs.deadLetters()))
                .build(environment, plan);
    }

    /// What exactly-once needs of Flink, wherever the job runs.
    ///
    /// @param checkpointInterval time between checkpoints; results become visible with each
    public static Configuration configuration(Duration checkpointInterval) {
        return TopicJob.configuration(checkpointInterval);
    }
}
