package org.flinkllama.jobs.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads topics as any consumer with `isolation.level=read_committed` sees them. Used by one
/// thread.
public final class CommittedReader implements AutoCloseable {
    private static final Duration TOPIC_PATIENCE = Duration.ofSeconds(30);
    private static final Duration TOPIC_POLL = Duration.ofMillis(50);

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
        List<TopicPartition> partitions =
                topics.stream().flatMap(topic -> partitions(consumer, topic)).toList();
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

    /// Whether all that is committed by now was read.
    public boolean atEnd() {
        return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /// A topic that was created a moment ago may have no partitions yet where the broker that answers is concerned;
    /// it would be left out for ever.
    private static Stream<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        long end = System.nanoTime() + TOPIC_PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            if (!partitions.isEmpty()) {
                return partitions.stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()));
            }
            LockSupport.parkNanos(TOPIC_POLL.toNanos());
        }
        throw new KafkaEndpointException("Kafka tells no partitions of topic '" + topic + "' within "
                + TOPIC_PATIENCE.toSeconds() + " s; expected one at least. Create the topic.");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
