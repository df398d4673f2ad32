package org.flinkllama.jobs.kafka;

import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.flinkllama.schemas.v1.InputRecord;

/// What a job reads: the records of a topic, bytes untouched. Records of open or aborted transactions are left out
/// unless the connection's `isolation.level` says otherwise.
///
/// @param topic topic to read
/// @param group consumer group that offsets are reported under; the job itself goes by its checkpoints
/// @param start where a job without a checkpoint begins
/// @param end   where the source ends
public record RecordSource(String topic, String group, Start start, End end) {
    /// Where a job without a checkpoint begins to read.
    public enum Start {
        /// The oldest record that the topic still has.
        EARLIEST,
        /// Behind the newest record.
        LATEST,
        /// Where the consumer group stopped; the oldest record where it never read.
        COMMITTED
    }

    /// Where the source ends.
    public enum End {
        NEVER,
        /// Behind the record that is the newest when the job starts.
        NEWEST
    }

    public KafkaSource<InputRecord> open(KafkaConnection connection) {
        Properties properties = connection.client();
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSourceBuilder<InputRecord> source = KafkaSource.<InputRecord>builder()
                .setProperties(properties)
                .setTopics(topic)
                .setGroupId(group)
                .setClientIdPrefix(group)
                .setStartingOffsets(startingOffsets())
                .setDeserializer(new InputRecordSchema());
        return switch (end) {
            case NEVER -> source.build();
            case NEWEST -> source.setBounded(OffsetsInitializer.latest()).build();
        };
    }

    @SuppressWarnings("deprecation") // The connector's signature names the type that Kafka deprecates.
    private OffsetsInitializer startingOffsets() {
        return switch (start) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
            case COMMITTED ->
                OffsetsInitializer.committedOffsets(org.apache.kafka.clients.consumer.OffsetResetStrategy.EARLIEST);
        };
    }
}
