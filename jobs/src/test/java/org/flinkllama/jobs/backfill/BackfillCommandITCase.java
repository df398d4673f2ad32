package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.cli.Main;
import org.flinkllama.jobs.cluster.JavaCommand;
import org.flinkllama.jobs.cluster.JavaProcess;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command as users start it, in processes of its own, which are killed in the middle.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class BackfillCommandITCase {
    private static final int DOCUMENTS = 1020;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static Archive archive;
    private static List<String> whole; // lines of a run that nothing broke
    private static List<String> wholeRejects;

    @BeforeAll
    static void runWithoutABreak() throws Exception {
        archive = new Archive(folder.resolve("archive"));
        archive.lines("a.jsonl", 0, 600);
        archive.lines("b/c.jsonl.gz", 600, 900);
        archive.container("d.avro", 900, DOCUMENTS);
        archive.write("broken.jsonl", "no JSON\n{\"id\": \"x\"}\n");
        end(backfill("whole"));
        assertThat(Archive.files(folder.resolve("whole")))
                .extracting(Path::getFileName)
                .containsExactly(Path.of("enrichments-00001.jsonl"));
        whole = Archive.written(folder.resolve("whole"));
        wholeRejects = Archive.written(folder.resolve("whole/rejects"));
    }

    @Test
    void enrichesEveryDocumentAndTellsWhatIsWrongWithOthers() {
        assertThat(whole).hasSize(DOCUMENTS);
        assertThat(wholeRejects).hasSize(2).anySatisfy(line -> assertThat(line)
                .contains(
                        "\"source\":\"broken.jsonl\"",
                        "\"record\":1",
                        "\"stage\":\"DECODE\"",
                        "\"value\":\"no JSON\""));
    }

    @Test
    void goesOnWhereItWasKilledAndWritesWhatAnUnbrokenRunWrites() throws Exception {
        Path killed = folder.resolve("killed");
        killInTheMiddle(backfill("killed"), killed.resolve("_backfill"), () -> unfinishedBytes(killed) > 0);
        goOn(backfill("killed"));
        assertThat(Archive.written(killed)).isEqualTo(whole);
        assertThat(Archive.written(killed.resolve("rejects"))).isEqualTo(wholeRejects);
        assertThat(hidden(killed)).isEmpty();

        // A run that was killed when all was done, before that could be noted.
        List<Path> files = Archive.files(killed);
        Files.delete(killed.resolve("_backfill/complete"));
        end(backfill("killed"));
        assertThat(Archive.files(killed)).isEqualTo(files);
        assertThat(Archive.written(killed)).isEqualTo(whole);

        JavaProcess other = backfill("killed", "--labels=good,bad");
        assertThat(exitCode(other)).isEqualTo(1);
        assertThat(printed(other)).contains("tasks differs", "--restart");
    }

    @Test
    void writesNoRecordOfAContainerTwiceWhereItWasKilled() throws Exception {
        Path killed = folder.resolve("containers");
        String avro = "--output-format=avro";
        killInTheMiddle(backfill("containers", avro), killed.resolve("_backfill"), () -> !Archive.files(killed)
                .isEmpty());
        goOn(backfill("containers", avro));
        assertThat(Archive.files(killed)).extracting(Path::getFileName).contains(Path.of("enrichments-00001.avro"));
        assertThat(Archive.written(killed)).isEqualTo(whole);
        assertThat(Archive.written(killed.resolve("rejects"))).isEqualTo(wholeRejects);
        assertThat(hidden(killed)).isEmpty();
    }

    @Test
    void sendsNoRecordTwiceFromATopicToATopicWhereItWasKilled() throws Exception {
        try (LocalBroker broker = LocalBroker.start()) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
                cluster.create(List.of("documents"), 2);
                cluster.create(List.of("enriched", "refused"), 1);
            }
            fillTopic(kafka);
            Path work = folder.resolve("work");
            try (CommittedReader enriched = new CommittedReader(kafka, List.of("enriched"))) {
                List<InputRecord> seen = new ArrayList<>();
                killInTheMiddle(
                        overTopics(broker, work), work, () -> seen.addAll(enriched.poll(Duration.ofMillis(10))));
                goOn(overTopics(broker, work));
                assertThat(seen).isNotEmpty();
                seen.addAll(read(enriched));
                assertThat(seen.stream().map(record -> StandardCharsets.UTF_8
                                .decode(record.getKey().duplicate())
                                .toString()))
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, DOCUMENTS)
                                .mapToObj(Archive::id)
                                .toList());
            }
            try (CommittedReader refused = new CommittedReader(kafka, List.of("refused"))) {
                assertThat(read(refused).stream().map(BackfillCommandITCase::text))
                        .containsExactlyInAnyOrder("no JSON", "{\"id\": \"x\"}");
            }
        }
    }

    /// What has come out while a backfill is under way.
    @FunctionalInterface
    private interface Result {
        boolean isThere() throws Exception;
    }

    private static void killInTheMiddle(JavaProcess job, Path work, Result first) throws Exception {
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!first.isThere()) {
                assertThat(job.alive())
                        .as("the job ended and printed %s", printed(job))
                        .isTrue();
                assertThat(System.nanoTime())
                        .as("the job printed %s", printed(job))
                        .isLessThan(end);
                Thread.sleep(10);
            }
        } finally {
            job.kill();
        }
        assertThat(work.resolve("checkpointed")).exists();
        assertThat(work.resolve("complete")).doesNotExist();
    }

    private static void goOn(JavaProcess job) throws Exception {
        end(job);
        assertThat(printed(job)).contains("on from checkpoint", "1,020 documents enriched, 2 records refused");
    }

    private static List<InputRecord> read(CommittedReader reader) throws InterruptedException {
        List<InputRecord> records = new ArrayList<>();
        while (!reader.atEnd()) {
            records.addAll(reader.poll(Duration.ofMillis(100)));
        }
        return records;
    }

    private static String text(InputRecord record) {
        return StandardCharsets.UTF_8.decode(record.getValue().duplicate()).toString();
    }

    /// Bytes in files of enrichments that are not finished: they grow with each checkpoint.
    private static long unfinishedBytes(Path results) throws IOException {
        long bytes = 0;
        for (Path file : hidden(results)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static List<Path> hidden(Path results) throws IOException {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(results)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".enrichments"))
                    .toList();
        }
    }

    private static JavaProcess backfill(String output, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(Arrays.asList(options));
        arguments.add("--input=" + archive.folder());
        arguments.add("--output=" + folder.resolve(output));
        return start(arguments);
    }

    private static void fillTopic(KafkaConnection kafka) {
        try (RecordFeed feed = new RecordFeed(kafka, "documents")) {
            List.of("no JSON", "{\"id\": \"x\"}").forEach(broken -> feed(feed, "broken", broken));
            IntStream.range(0, DOCUMENTS).forEach(number -> feed(feed, Archive.id(number), Archive.line(number)));
            feed.flush();
        }
    }

    private static void feed(RecordFeed feed, String key, String value) {
        feed.send(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static JavaProcess overTopics(LocalBroker broker, Path work) throws IOException {
        return start(List.of(
                "--bootstrap-servers=" + broker.bootstrapServers(),
                "--input-topic=documents",
                "--output-topic=enriched",
                "--dead-letters=refused",
                "--work-dir=" + work));
    }

    private static JavaProcess start(List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("backfill", "--tasks=sentiment", "--max-sequences=8", "--checkpoint-interval=250ms"));
        arguments.addAll(options);
        return new JavaCommand(Main.class.getName(), List.of("-Xmx512m"), arguments)
                .start("backfill", folder.resolve("printed-" + System.nanoTime() + ".txt"));
    }

    private static String printed(JavaProcess job) throws IOException {
        return Files.readString(job.log());
    }

    private static JavaProcess end(JavaProcess job) throws Exception {
        int code = exitCode(job);
        assertThat(code).as("the job printed %s", printed(job)).isZero();
        return job;
    }

    private static int exitCode(JavaProcess job) throws InterruptedException {
        return job.exitCode(PATIENCE);
    }
}
