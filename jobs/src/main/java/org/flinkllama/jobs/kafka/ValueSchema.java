package org.flinkllama.jobs.kafka;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A value as a Kafka record whose key is an id of its own, in UTF-8.
///
/// The record's timestamp is left to Kafka: brokers refuse timestamps far from their own clock, and one record with
/// a wrong event time would stop the job.
final class ValueSchema<T> implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final Part<T, String> key;
    private final Part<T, byte[]> value;

    ValueSchema(String topic, Part<T, String> key, Part<T, byte[]> value) {
        this.topic = topic;
        this.key = key;
        this.value = value;
    }

    /// Takes a part of the record from the value.
    @FunctionalInterface
    interface Part<T, R> extends Function<T, R>, Serializable {}

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T written, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(topic, key.apply(written).getBytes(StandardCharsets.UTF_8), value.apply(written));
    }

    /// Tells the sink its topic, where it looks for transactions that an earlier run left open.
    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
}
