package org.flinkllama.jobs.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.flinkllama.jobs.cli.Main;
import org.flinkllama.jobs.cluster.BrokerProcess;
import org.flinkllama.jobs.cluster.JavaCommand;
import org.flinkllama.jobs.cluster.JavaProcess;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Broker and job are processes of their own; the job's is killed in the middle.
final class ExactlyOnceITCase {
    private static final int DOCUMENTS = 160;
    private static final int AHEAD = 40; // documents on the input that are not seen on the output
    private static final int BROKEN = 50; // documents in front of a record that is none
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> TOPICS = List.of("documents", "enrichments", "refused");

    @TempDir
    private Path folder;

    private final List<InputRecord> seen = new ArrayList<>();
    private int fed;
    private int starts;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void enrichesEachDocumentOnceAlthoughTheProcessIsKilled() throws Exception {
        try (BrokerProcess broker = BrokerProcess.launch(folder.resolve("broker"))) {
            broker.awaitReady();
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
                cluster.create(TOPICS, 1);
            }
            try (RecordFeed feed = new RecordFeed(kafka, "documents");
                    CommittedReader reader = new CommittedReader(kafka, TOPICS.subList(1, 3))) {
                killWhenSeen(20, kafka, feed, reader);
                assertThat(seen).hasSizeLessThan(fed);
                killWhenSeen(90, kafka, feed, reader);
                assertThat(seen).hasSizeLessThan(DOCUMENTS);
                JavaProcess job = enrich(kafka);
                readUntilSeen(DOCUMENTS + 1, feed, reader, job);
                seen.addAll(reader.poll(Duration.ofSeconds(3)));
                assertThat(job.log()).content().contains("on from checkpoint");
                assertThat(job.stop(Duration.ofMinutes(1)))
                        .as("code of SIGTERM")
                        .isEqualTo(143);
            }
        }
        List<String> ids =
                IntStream.range(0, DOCUMENTS).mapToObj(ExactlyOnceITCase::id).toList();
        assertThat(keys("enrichments")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(keys("refused")).containsExactly("broken");
    }

    /// Runs the job until `records` outputs are committed, then kills it.
    private void killWhenSeen(int records, KafkaConnection kafka, RecordFeed feed, CommittedReader reader)
            throws InterruptedException {
        JavaProcess job = enrich(kafka);
        readUntilSeen(records, feed, reader, job);
        // A fast job may have done all it had: the kill must find it at work.
        feed(feed);
        job.kill();
    }

    private JavaProcess enrich(KafkaConnection kafka) {
        starts++;
        return new JavaCommand(
                        Main.class.getName(),
                        List.of("-XX:+UseParallelGC", "-Xmx512m"),
                        List.of(
                                "enrich",
                                "--bootstrap-servers=" + kafka.bootstrapServers(),
                                "--input=documents",
                                "--output=enrichments",
                                "--dead-letters=refused",
                                "--tasks=sentiment",
                                "--checkpoint-interval=500ms",
                                "--checkpoint-dir=" + folder.resolve("checkpoints")))
                .start("enrich", folder.resolve("job-" + starts + ".txt"));
    }

    /// Reads outputs and keeps the input a little ahead of them, so that the job is always in the middle of its
    /// work.
    private void readUntilSeen(int records, RecordFeed feed, CommittedReader reader, JavaProcess job)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (seen.size() < records) {
            feed(feed);
            seen.addAll(reader.poll(Duration.ofMillis(100)));
            assertThat(job.alive())
                    .as("the job ended and printed %s", contentOf(job.log().toFile()))
                    .isTrue();
            assertThat(System.nanoTime())
                    .as(
                            "time of seeing %d of %d records; the job printed %s",
                            seen.size(), records, contentOf(job.log().toFile()))
                    .isLessThan(end);
        }
    }

    private void feed(RecordFeed feed) {
        for (; fed < Math.min(DOCUMENTS, seen.size() + AHEAD); fed++) {
            String json = "{\"id\": \"%s\", \"text\": \"The kettle number %d works well and I like it.\"}"
                    .formatted(id(fed), fed);
            feed.send(bytes(id(fed)), bytes(json), Map.of());
            if (fed == BROKEN) {
                feed.send(bytes("broken"), bytes("no JSON"), Map.of());
            }
        }
        feed.flush();
    }

    private List<String> keys(String topic) {
        return seen.stream()
                .filter(record -> record.getTopic().equals(topic))
                .map(record -> StandardCharsets.UTF_8
                        .decode(record.getKey().duplicate())
                        .toString())
                .toList();
    }

    private static String id(int document) {
        return "document-" + document;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
