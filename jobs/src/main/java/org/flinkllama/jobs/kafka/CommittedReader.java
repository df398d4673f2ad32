package org.flinkllama.jobs.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads topics from their beginning as any consumer with `isolation.level=read_committed` sees them. Used by one
/// thread.
public final class CommittedReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;

    public CommittedReader(KafkaConnection connection, List<String> topics) {
        Properties properties = connection.client();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /// The records that were committed since the last call; waits for some until `patience` is over.
    public List<InputRecord> poll(Duration patience) throws InterruptedException {
        List<InputRecord> records = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                records.add(InputRecordSchema.inputRecord(record));
            }
        } catch (InterruptException e) {
            // Kafka's exception leaves the thread marked, and whatever is to be closed now would not wait.
            Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        }
        return records;
    }

    /// Whether all that is committed by now was read.
    public boolean atEnd() {
        return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
