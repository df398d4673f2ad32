package org.flinkllama.jobs.kafka.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.replay.ReplayTally.Verdict;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Dead letters on a real broker.
final class DeadLetterReplayITCase {
    private static LocalBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = LocalBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void sendsEachRecordBackOnceAsItCame() throws Exception {
        Topics topics = topics("once");
        refuse(topics, "a", "DECODE", Map.of("trace", "7"));
        refuse(topics, "b", "INFERENCE", Map.of());
        ReplayOptions options = options(topics, Set.of(), 3);

        assertThat(replay(options).count(Verdict.REPLAYED)).isEqualTo(2);
        assertThat(replay(options).count(Verdict.REPLAYED)).isZero();

        List<InputRecord> back = read(topics.documents(), 2);
        assertThat(back).extracting(record -> text(record.getKey())).containsExactly("a", "b");
        assertThat(back).extracting(record -> text(record.getValue())).containsExactly("value a", "value b");
        assertThat(headers(back.getFirst())).isEqualTo(Map.of("trace", "7", RefusedRecord.REPLAYS, "1"));
    }

    @Test
    void leavesOtherStagesAndStrangersAlone() throws Exception {
        Topics topics = topics("stages");
        refuse(topics, "a", "DECODE", Map.of());
        refuse(topics, "b", "INFERENCE", Map.of());
        feed(topics.refused(), "c", Map.of("trace", "1"));

        ReplayTally tally = replay(options(topics, Set.of("INFERENCE"), 3));

        assertThat(tally.count(Verdict.REPLAYED)).isEqualTo(1);
        assertThat(tally.count(Verdict.OTHER_STAGE)).isEqualTo(1);
        assertThat(tally.count(Verdict.FOREIGN)).isEqualTo(1);
        assertThat(read(topics.documents(), 1))
                .extracting(record -> text(record.getKey()))
                .containsExactly("b");
    }

    @Test
    void doesNotSendARecordToAndFroForEver() throws Exception {
        Topics topics = topics("often");
        refuse(topics, "a", "DECODE", Map.of(RefusedRecord.REPLAYS, "2"));
        refuse(topics, "b", "DECODE", Map.of(RefusedRecord.REPLAYS, "1"));

        ReplayTally tally = replay(options(topics, Set.of(), 2));

        assertThat(tally.count(Verdict.EXHAUSTED)).isEqualTo(1);
        List<InputRecord> back = read(topics.documents(), 1);
        assertThat(back).extracting(record -> text(record.getKey())).containsExactly("b");
        assertThat(headers(back.getFirst())).containsEntry(RefusedRecord.REPLAYS, "2");
    }

    @Test
    void createsDeadLettersWithRoomForEveryRecordOfTheInput() {
        try (KafkaCluster cluster = KafkaCluster.connect(connection())) {
            cluster.create(List.of("room-documents", "room-narrow"), 1);
            cluster.createDeadLetters("room-refused", "room-documents");
            assertThat(cluster.adviceOnRecordLimits("room-documents", "room-refused"))
                    .isEmpty();
            assertThat(cluster.adviceOnRecordLimits("room-documents", "room-narrow"))
                    .hasValueSatisfying(advice -> assertThat(advice).contains("max.message.bytes of 'room-narrow'"));
        }
    }

    private record Topics(String documents, String refused) {}

    private static KafkaConnection connection() {
        return KafkaConnection.to(broker.bootstrapServers());
    }

    private static Topics topics(String name) {
        Topics topics = new Topics(name + "-documents", name + "-refused");
        try (KafkaCluster cluster = KafkaCluster.connect(connection())) {
            cluster.create(List.of(topics.documents(), topics.refused()), 1);
        }
        return topics;
    }

    private static ReplayOptions options(Topics topics, Set<String> stages, int maxReplays) {
        return new ReplayOptions(
                topics.refused(),
                Optional.empty(),
                stages,
                maxReplays,
                ReplayOptions.groupId(topics.refused(), stages));
    }

    private static ReplayTally replay(ReplayOptions options) throws InterruptedException {
        try (DeadLetterReplay replay = new DeadLetterReplay(connection(), options)) {
            return replay.run();
        }
    }

    private static void refuse(Topics topics, String key, String stage, Map<String, String> own) {
        Map<String, String> headers = new LinkedHashMap<>(own);
        headers.put(DeadLetterHeaders.TOPIC, topics.documents());
        headers.put(DeadLetterHeaders.STAGE, stage);
        feed(topics.refused(), key, headers);
    }

    private static void feed(String topic, String key, Map<String, String> headers) {
        try (RecordFeed feed = new RecordFeed(connection(), topic)) {
            feed.send(key.getBytes(StandardCharsets.UTF_8), ("value " + key).getBytes(StandardCharsets.UTF_8), headers);
            feed.flush();
        }
    }

    /// Everything on the topic, which is expected to be so many records.
    private static List<InputRecord> read(String topic, int expected) throws InterruptedException {
        List<InputRecord> records = new ArrayList<>();
        try (CommittedReader reader = new CommittedReader(connection(), List.of(topic))) {
            for (int poll = 0; poll < 50 && records.size() < expected; poll++) {
                records.addAll(reader.poll(Duration.ofMillis(200)));
            }
            records.addAll(reader.poll(Duration.ofMillis(200)));
        }
        assertThat(records).hasSize(expected);
        return records;
    }

    private static Map<String, String> headers(InputRecord record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (InputHeader header : record.getHeaders()) {
            headers.put(header.getName(), text(header.getValue()));
        }
        return headers;
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }
}
