package org.flinkllama.jobs.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.schemas.v1.Enrichment;

/// An enrichment as a Kafka record whose key is the document's id in UTF-8.
///
/// The record's timestamp is left to Kafka: brokers refuse timestamps far from their own clock, and one document
/// with a wrong event time would stop the job.
final class EnrichmentSchema implements KafkaRecordSerializationSchema<Enrichment>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final EnrichmentWriter writer;

    EnrichmentSchema(String topic, EnrichmentWriter writer) {
        this.topic = topic;
        this.writer = writer;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Enrichment enrichment, KafkaSinkContext context, Long timestamp) {
        byte[] key = enrichment.getDocumentId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, writer.write(enrichment));
    }

    /// Tells the sink its topic, where it looks for transactions that an earlier run left open.
    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
}
