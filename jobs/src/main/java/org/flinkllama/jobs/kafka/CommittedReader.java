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

/// Reads topics as any consumer with `isolation.level=read_committed` sees them. Used by one
/// thread.
public final class CommittedReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;

    /// Reads from the beginning of the topics.
    public CommittedReader(KafkaConnection connection, List<String> topics) {
        this(connection, topics, false);
    }

    private CommittedReader(KafkaConnection connection, List<String> topics, boolean fromEnd) {
        Properties properties = connection.client();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        if (fromEnd) {
            consumer.seekToEnd(partitions);
            // Where the end is now, and not at the first poll.
            partitions.forEach(consumer::position);
        } else {
            consumer.seekToBeginning(partitions);
        }
    }

    /// Reads what is committed from now on.
    public static CommittedReader fromEnd(KafkaConnection connection, List<String> topics) {
        return new CommittedReader(connection, topics, true);
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

    @Override
    public void close() {
        consumer.close();
    }
}
