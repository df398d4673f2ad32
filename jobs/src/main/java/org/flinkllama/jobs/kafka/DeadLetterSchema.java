package org.flinkllama.jobs.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// A dead letter as a Kafka record: the refused record's own key, value and headers, and behind them headers that
/// say where it came from and why it was refused.
final class DeadLetterSchema implements KafkaRecordSerializationSchema<DeadLetter>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    private final String topic;

    DeadLetterSchema(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        InputRecord record = letter.getRecord();
        ProducerRecord<byte[], byte[]> refused =
                new ProducerRecord<>(topic, bytes(record.getKey()), bytes(record.getValue()));
        for (InputHeader header : record.getHeaders()) {
            refused.headers().add(header.getName(), bytes(header.getValue()));
        }
        DeadLetterHeaders.of(letter)
                .forEach((name, value) -> refused.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return refused;
    }

    /// Tells the sink its topic, where it looks for transactions that an earlier run left open.
    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
