package org.flinkllama.jobs.poison;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.schemas.v1.InputRecord;

/// Runs a job over records until its input ends, without restarts, and hears what it tells anybody meanwhile.
final class WatchedJob {
    private WatchedJob() {}

    /// @param values the records of the job's first topic, by key
    /// @return lines of the log, and names and values of metrics
    static List<String> run(TopicJob job, SequencedMap<String, byte[]> values, Path folder)
            throws InterruptedException {
        int transactionTimeout;
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(job.topics(), 1);
            transactionTimeout = cluster.transactionTimeout();
        }
        try (RecordFeed feed = new RecordFeed(job.connection(), job.topics().getFirst())) {
            values.forEach((key, value) -> feed.send(key.getBytes(StandardCharsets.UTF_8), value, Map.of()));
            feed.flush();
        }
        Configuration settings = TopicJob.configuration(Duration.ofMillis(500));
        settings.setString("metrics.reporters", "recording");
        settings.setString("metrics.reporter.recording.factory.class", RecordingReporterFactory.class.getName());
        LocalFlink flink = new LocalFlink(settings, 1)
                .withCheckpoints(folder.resolve(job.name()))
                .withoutRestarts();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
        job.build(environment, transactionTimeout);
        RecordingReporterFactory.clear();
        try (CapturedLog log = new CapturedLog();
                LocalJob running = LocalJob.start(environment, job.name())) {
            assertThat(running.ended(Duration.ofMinutes(3))).isTrue();
            return Stream.concat(log.lines().stream(), RecordingReporterFactory.lines().stream())
                    .toList();
        }
    }

    /// Everything on one of the job's topics, by key; no key twice.
    static Map<String, InputRecord> read(TopicJob job, String topic) throws InterruptedException {
        Map<String, InputRecord> records = new HashMap<>();
        try (CommittedReader reader = new CommittedReader(job.connection(), List.of(topic))) {
            for (int idle = 0; idle < 5; idle++) {
                for (InputRecord record : reader.poll(Duration.ofMillis(200))) {
                    idle = 0;
                    String key = new String(bytes(record.getKey()), StandardCharsets.UTF_8);
                    assertThat(records.put(key, record))
                            .as("a second record of " + key)
                            .isNull();
                }
            }
        }
        return records;
    }

    static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
