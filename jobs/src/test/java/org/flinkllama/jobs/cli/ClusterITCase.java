package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.cluster.standing.Member;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.local.Loopback;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands about a cluster, as they are typed, with real processes and the job's jar.
final class ClusterITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> TOPICS = List.of("documents", "enrichments", "refused");

    @TempDir
    private Path folder;

    private final List<InputRecord> seen = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        run("cluster", "down");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void runsAJobFromItsJarAndGoesOnAtAnotherParallelism() throws Exception {
        try (LocalBroker broker = LocalBroker.start()) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            String port = Loopback.freePorts(1).getFirst().toString();
            done("cluster", "up", "--task-managers=2", "--task-manager-memory=640", "--port=" + port);
            assertThat(run("cluster", "up", "--port=" + port).said()).contains("is up, with 3 processes");

            assertThat(enrich(kafka, "--parallelism=1").said()).contains("documents", "--create-topics");
            try (KafkaCluster topics = KafkaCluster.connect(kafka)) {
                topics.create(TOPICS, 2);
            }
            try (RecordFeed feed = new RecordFeed(kafka, "documents");
                    CommittedReader reader = new CommittedReader(kafka, TOPICS.subList(1, 3))) {
                feed(feed, 0, 60);
                String job = id(enrich(kafka, "--parallelism=1"), "Job +(\\w{32})");
                await().atMost(PATIENCE).until(() -> read(reader) >= 20);
                feed(feed, 60, 120);
                assertThat(done("cluster", "status").said())
                        .contains("Slots   2, free 1", job + " RUNNING", "jobmanager", "taskmanager-2");

                String savepoint = id(done("cluster", "stop", job), "Savepoint +(\\S+)");
                String resumed = id(enrich(kafka, "--parallelism=2", "--restore=" + savepoint), "Job +(\\w{32})");
                await().atMost(PATIENCE).until(() -> read(reader) >= 120);
                assertThat(done("cluster", "status").said())
                        .contains("Slots   2, free 0", job + " FINISHED", resumed + " RUNNING");
                seen.addAll(reader.poll(Duration.ofSeconds(2)));
            }
            assertThat(seen).allMatch(record -> record.getTopic().equals("enrichments"));
            assertThat(seen.stream().map(ClusterITCase::key))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 120)
                            .mapToObj(ClusterITCase::documentId)
                            .toList());
            List<Member> members = StandingCluster.find(folder).orElseThrow().members();
            assertThat(members).hasSize(3).allMatch(Member::alive);
            assertThat(done("cluster", "down").said()).contains("Ended jobmanager", "Ended taskmanager-2");
            assertThat(members).noneMatch(Member::alive);
            assertThat(done("cluster", "down").said()).contains("No process of a cluster");
            assertThat(run("cluster", "status").said()).contains("There is no cluster in folder");
        }
    }

    /// What a command printed, and its exit code.
    private record Said(int code, String said) {}

    private Said enrich(KafkaConnection kafka, String... more) {
        Stream<String> words = Stream.of(
                "cluster",
                "submit",
                "--jar=" + Path.of("target", "flink-llama-job.jar"),
                "--dir=" + folder,
                "enrich",
                "--bootstrap-servers=" + kafka.bootstrapServers(),
                "--input=documents",
                "--output=enrichments",
                "--dead-letters=refused",
                "--tasks=sentiment",
                "--threads=1",
                "--checkpoint-interval=500ms");
        return execute(Stream.concat(words, Stream.of(more)));
    }

    private Said done(String... words) {
        Said said = run(words);
        assertThat(said.code()).as(said.said()).isZero();
        return said;
    }

    private Said run(String... words) {
        return execute(Stream.concat(Stream.of(words), Stream.of("--dir=" + folder)));
    }

    private static Said execute(Stream<String> words) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said, true);
        int code = Main.commandLine(writer, writer).execute(words.toArray(String[]::new));
        return new Said(code, said.toString());
    }

    private static String id(Said said, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(said.said());
        assertThat(matcher.find()).as(said.said()).isTrue();
        return matcher.group(1);
    }

    private int read(CommittedReader reader) throws InterruptedException {
        seen.addAll(reader.poll(Duration.ofMillis(100)));
        return seen.size();
    }

    private static void feed(RecordFeed feed, int from, int to) {
        for (int document = from; document < to; document++) {
            String json = "{\"id\": \"%s\", \"text\": \"The kettle number %d works well and I like it.\"}"
                    .formatted(documentId(document), document);
            feed.send(
                    documentId(document).getBytes(StandardCharsets.UTF_8),
                    json.getBytes(StandardCharsets.UTF_8),
                    Map.of());
        }
        feed.flush();
    }

    private static String documentId(int document) {
        return "document-" + document;
    }

    private static String key(InputRecord record) {
        return StandardCharsets.UTF_8.decode(record.getKey().duplicate()).toString();
    }
}
