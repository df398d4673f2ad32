package org.flinkllama.jobs.kafka.range;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.flinkllama.jobs.kafka.InputRecordSchema;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.KafkaEndpointException;
import org.flinkllama.schemas.v1.InputRecord;

/// Records of a topic between two offsets of each partition.
///
/// @param spans by partition; none is empty
public record TopicRange(String topic, SortedMap<Integer, Span> spans) implements Serializable {
    private static final long serialVersionUID = 1L;

    /// Offsets of one partition.
    ///
    /// @param from of the first record
    /// @param to   behind the last record
    public record Span(long from, long to) implements Serializable {}

    public TopicRange {
        spans = new TreeMap<>(spans);
    }

    /// Finds the offsets of two places, as the topic is now.
    public static TopicRange find(KafkaConnection connection, String topic, TopicPosition from, TopicPosition to) {
        try (Admin admin = Admin.create(connection.client())) {
            var partitions = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            Function<OffsetSpec, Map<TopicPartition, Long>> offsets = spec -> offsets(admin, partitions, spec);
            Map<TopicPartition, Long> begins = offsets.apply(OffsetSpec.earliest());
            Map<TopicPartition, Long> ends = offsets.apply(OffsetSpec.latest());
            Map<TopicPartition, Long> first = offsets.apply(from.spec());
            Map<TopicPartition, Long> last = offsets.apply(to.spec());
            SortedMap<Integer, Span> spans = new TreeMap<>();
            for (TopicPartition partition : partitions) {
                long begin = begins.get(partition);
                long end = ends.get(partition);
                Span span = new Span(
                        place(from, first.get(partition), begin, end), place(to, last.get(partition), begin, end));
                if (span.from() < span.to()) {
                    spans.put(partition.partition(), span);
                }
            }
            return new TopicRange(topic, spans);
        } catch (ExecutionException e) {
            throw unanswered(topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(topic, e);
        }
    }

    /// Reads what [#words()] wrote.
    public static TopicRange of(String topic, String words) {
        return new TopicRange(
                topic,
                Stream.of(words.split(","))
                        .filter(span -> !span.isEmpty())
                        .map(span -> span.split("[:-]"))
                        .collect(Collectors.toMap(
                                parts -> Integer.valueOf(parts[0]),
                                parts -> new Span(Long.parseLong(parts[1]), Long.parseLong(parts[2])),
                                (one, other) -> one,
                                TreeMap::new)));
    }

    /// All spans, such as `0:10-25,1:0-17`.
    public String words() {
        return spans.entrySet().stream()
                .map(span -> span.getKey() + ":" + span.getValue().from() + "-"
                        + span.getValue().to())
                .collect(Collectors.joining(","));
    }

    /// Offsets in it, each of a record at most.
    public long offsets() {
        return spans.values().stream()
                .mapToLong(span -> span.to() - span.from())
                .sum();
    }

    /// A source that ends behind the last record.
    public Source<InputRecord, ?, ?> open(KafkaConnection connection, String group) {
        Properties properties = connection.client();
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSource<InputRecord> readers = KafkaSource.<InputRecord>builder()
                .setProperties(properties)
                .setPartitions(new HashSet<>(by(Span::from).keySet()))
                .setGroupId(group)
                .setClientIdPrefix(group)
                .setStartingOffsets(OffsetsInitializer.offsets(by(Span::from)))
                .setBounded(OffsetsInitializer.offsets(by(Span::to)))
                .setDeserializer(new InputRecordSchema())
                .build();
        return new TopicRangeSource(this, readers);
    }

    private Map<TopicPartition, Long> by(Function<Span, Long> end) {
        return spans.entrySet().stream()
                .collect(Collectors.toMap(
                        span -> new TopicPartition(topic, span.getKey()), span -> end.apply(span.getValue())));
    }

    /// An offset where there is a record, or the end.
    private static long place(TopicPosition position, long found, long begin, long end) {
        return switch (position) {
            case TopicPosition.Offset(long offset) -> Math.clamp(offset, begin, end);
            // Kafka says -1 where no record is as new.
            case TopicPosition.Time(var _) -> found < 0 ? end : found;
            case TopicPosition.Earliest() -> begin;
            case TopicPosition.Latest() -> end;
        };
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
        try {
            return admin
                    .listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec)))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        } catch (ExecutionException e) {
            throw unanswered(partitions.getFirst().topic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(partitions.getFirst().topic(), e);
        }
    }

    private static KafkaEndpointException unanswered(String topic, Exception e) {
        return new KafkaEndpointException(
                "Kafka does not tell the offsets of topic '" + topic + "': " + e.getMessage()
                        + ". Check that the topic exists and may be read.",
                e);
    }
}
