package org.flinkllama.jobs.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Puts records on a topic. Used by one thread.
public final class RecordFeed implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    public RecordFeed(KafkaConnection connection, String topic) {
        Properties properties = connection.client();
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
    }

    /// Sends a record with text headers.
    public void send(byte[] key, byte[] value, Map<String, String> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        sent.add(producer.send(record));
    }

    /// Returns when the broker has every record.
    public void flush() {
        producer.flush();
        try {
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
            sent.clear();
        } catch (ExecutionException e) {
            throw new KafkaEndpointException(
                    "Topic '" + topic + "' did not take a record: "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaEndpointException("Interrupted while writing to topic '" + topic + "'.", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
