package org.flinkllama.jobs.converse;

import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordSinks;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.operators.converse.ConversationPlan;

/// The conversation job from Kafka to Kafka.
///
/// @param name tells the job from others: two runs of one name are one job, and end each other's transactions
/// @param plan how turns are answered
public record ConversationJob(
        String name, KafkaConnection connection, ConversationTopics conversations, ConversationPlan plan)
        implements TopicJob {
    @Override
    public List<String> topics() {
        return conversations.names();
    }

    @Override
    public String deadLetters() {
        return conversations.deadLetters();
    }

    @Override
    public void build(StreamExecutionEnvironment environment, int transactionTimeout) {
        RecordSinks sinks = new RecordSinks(connection, "flink-llama-" + name, transactionTimeout);
        new ConversationPipeline(
                        conversations.turns().open(connection),
                        conversations.documents().map(documents -> documents.open(connection)),
                        sinks.replies(conversations.replies(), conversations.format()),
                        sinks.deadLetters(conversations.deadLetters()))
                .build(environment, plan);
    }
}
