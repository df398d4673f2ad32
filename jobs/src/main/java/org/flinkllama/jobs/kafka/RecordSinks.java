package org.flinkllama.jobs.kafka;

import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.operators.format.conversation.ReplyFormat;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Reply;

/// What a job writes: records in Kafka transactions that are committed with the job's checkpoints.
///
/// @param connection         the cluster
/// @param transactionPrefix  begins the id of every transaction; the same for every run of a job and of no other
///                           job, or the two would end each other's transactions
/// @param transactionTimeout milliseconds after which the broker gives up an open transaction; a job that is down
///                         for longer loses what its last checkpoint had not yet committed
public record RecordSinks(KafkaConnection connection, String transactionPrefix, int transactionTimeout) {
    public Sink<Enrichment> enrichments(String topic, EnrichmentWriter writer) {
        return sink("enrichments", new ValueSchema<>(topic, Enrichment::getDocumentId, writer::write));
    }

    public Sink<Reply> replies(String topic, ReplyFormat format) {
        return sink("replies", new ValueSchema<>(topic, Reply::getConversationId, format::write));
    }

    public Sink<DeadLetter> deadLetters(String topic) {
        return sink("dead-letters", new DeadLetterSchema(topic));
    }

    private <T> Sink<T> sink(String name, KafkaRecordSerializationSchema<T> schema) {
        Properties properties = connection.client();
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Integer.toString(transactionTimeout));
        // Text compresses well, and the broker measures a batch against its limit compressed. The producer's own limit
        // of 1 MiB stands before compression and would stop the job on one large record.
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(16 << 20));
        return new TidyKafkaSink<>(KafkaSink.<T>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(connection.bootstrapServers())
                .setRecordSerializer(schema)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(transactionPrefix + "-" + name)
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .build());
    }
}
