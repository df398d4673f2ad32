package org.flinkllama.jobs.kafka.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.KafkaEndpointException;
import org.flinkllama.jobs.kafka.replay.ReplayTally.Verdict;

/// Sends the dead letters of a topic back, up to those that are there when it starts. What is sent and how far it
/// has come are committed in one transaction: a replay that is killed and started again sends nothing twice. A
/// second replay of the same group ends the first. Used by one thread.
public final class DeadLetterReplay implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int RECORDS_PER_TRANSACTION = 500;

    private final ReplayOptions options;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    public DeadLetterReplay(KafkaConnection connection, ReplayOptions options) {
        this.options = options;
        Properties reading = connection.client();
        reading.put(ConsumerConfig.GROUP_ID_CONFIG, options.groupId());
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(RECORDS_PER_TRANSACTION));
        Properties writing = connection.client();
        writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, options.groupId());
        consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Returns when every dead letter that was there at the start has been looked at.
    public ReplayTally run() throws InterruptedException {
        ReplayTally tally = new ReplayTally();
        try {
            // Before reading: it ends an earlier replay of this group, whose offsets are settled from then on.
            producer.initTransactions();
            Map<TopicPartition, Long> ends = assign();
            while (!reached(ends)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                ConsumerRecords<byte[], byte[]> records = consumer.poll(PATIENCE);
                if (!records.isEmpty()) {
                    replay(records, tally);
                }
            }
        } catch (InterruptException e) {
            Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        } catch (ProducerFencedException e) {
            throw new KafkaEndpointException(
                    "Another replay of group '" + options.groupId() + "' has started and goes on instead of this one.",
                    e);
        } catch (KafkaException e) {
            throw new KafkaEndpointException(
                    "The replay of topic '" + options.deadLetters() + "' stopped behind " + tally.sentence() + ": "
                            + e.getMessage() + " Nothing is half done; start it again.",
                    e);
        }
        return tally;
    }

    private Map<TopicPartition, Long> assign() {
        List<TopicPartition> partitions = consumer.partitionsFor(options.deadLetters()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        return consumer.endOffsets(partitions);
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void replay(ConsumerRecords<byte[], byte[]> records, ReplayTally tally) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        ReplayTally batch = new ReplayTally();
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            RefusedRecord refused = new RefusedRecord(record);
            Verdict verdict = refused.verdict(options);
            if (verdict == Verdict.REPLAYED) {
                producer.send(refused.again(options));
            }
            batch.add(verdict);
        }
        for (TopicPartition partition : records.partitions()) {
            positions.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        }
        producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
        producer.commitTransaction();
        tally.addAll(batch);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        consumer.close();
    }
}
