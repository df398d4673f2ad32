package org.flinkllama.jobs.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.archive.ArchiveListing;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.output.DoneIds;
import org.flinkllama.jobs.archive.output.OutputFormat;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSinks;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.kafka.range.TopicPosition;
import org.flinkllama.jobs.kafka.range.TopicRange;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backfills in this process, with the bundled model.
final class BackfillJobITCase {
    private static final int DOCUMENTS = 12;

    @TempDir
    private Path folder;

    @Test
    void aTopicLiveAndAsABackfillAndAFileGiveTheSameBytes() throws Exception {
        try (LocalBroker broker = LocalBroker.start()) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            int timeout = prepare(kafka);
            Outputs live = new Outputs("live", RecordFormat.JSON, "live-refused");
            RecordSource source =
                    new RecordSource("documents", "live", RecordSource.Start.EARLIEST, RecordSource.End.NEWEST);
            EnrichmentJob job =
                    new EnrichmentJob("live", kafka, source, live, plan(RecordFormat.JSON.documentReader()));
            run(environment -> job.build(environment, timeout), 1);
            List<String> expected = values(kafka, "live", DOCUMENTS);

            TopicRange range =
                    TopicRange.find(kafka, "documents", new TopicPosition.Earliest(), new TopicPosition.Latest());
            assertThat(range.offsets()).isEqualTo(DOCUMENTS);
            Outputs again = new Outputs("again", RecordFormat.JSON, "again-refused");
            RecordSinks sinks = new RecordSinks(kafka, "again", timeout);
            run(topic(kafka, range), new BackfillOutput.Topics(sinks, again), DoneIds.NONE);
            assertThat(values(kafka, "again", DOCUMENTS)).isEqualTo(expected);

            TopicRange part =
                    TopicRange.find(kafka, "documents", new TopicPosition.Offset(2), new TopicPosition.Offset(5));
            run(topic(kafka, part), files("part"), DoneIds.NONE);
            assertThat(expected).containsAll(Archive.written(folder.resolve("part")));
            assertThat(Archive.written(folder.resolve("part")).size()).isEqualTo((int) part.offsets());

            Archive archive = new Archive(folder.resolve("archive"));
            archive.lines("a.jsonl.zst", 0, DOCUMENTS);
            run(archive("archive"), files("of-files"), DoneIds.NONE);
            assertThat(Archive.written(folder.resolve("of-files")).stream().map(Archive::withoutSource))
                    .containsExactlyElementsOf(
                            expected.stream().map(Archive::withoutSource).toList());
        }
    }

    @Test
    void readsEveryFormatInParallelAndLeavesOutWhatIsDone() throws Exception {
        Archive archive = new Archive(folder.resolve("archive"));
        archive.lines("a.jsonl", 0, 4);
        archive.write("b.csv.gz", "id,text\n" + Archive.id(4) + ",\"" + Archive.text(4) + "\"\nbroken\n");
        archive.container("c.avro", 5, 7);
        archive.write("d/e.txt", Archive.text(7));
        archive.write("f.avro", "no container");
        BackfillOutput.Files first =
                new BackfillOutput.Files(folder.resolve("first").toString(), OutputFormat.AVRO);
        run(archive("archive"), first, DoneIds.NONE, 2);
        List<String> written = Archive.written(folder.resolve("first"));
        assertThat(ids(written))
                .containsExactlyInAnyOrder(
                        Archive.id(0),
                        Archive.id(1),
                        Archive.id(2),
                        Archive.id(3),
                        Archive.id(4),
                        Archive.id(5),
                        Archive.id(6),
                        "d/e.txt");
        assertThat(Archive.written(folder.resolve("first/rejects")))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("\"b.csv.gz\"", "\"record\":3", "expected 2"))
                .anySatisfy(line -> assertThat(line).contains("\"f.avro\"", "no Avro container"));

        archive.lines("g.jsonl", 8, 10);
        Files.delete(archive.folder().resolve("f.avro"));
        run(
                archive("archive"),
                files("second"),
                DoneIds.in(List.of(folder.resolve("first").toString() + "/*.avro")));
        assertThat(ids(Archive.written(folder.resolve("second"))))
                .containsExactlyInAnyOrder(Archive.id(8), Archive.id(9));
    }

    private static List<String> ids(List<String> lines) {
        return lines.stream().map(line -> line.split("\"")[3]).toList();
    }

    private BackfillInput.Files archive(String name) {
        return new BackfillInput.Files(
                new ArchiveListing(Optional.empty())
                        .files(List.of(folder.resolve(name).toString())),
                ColumnNames.DEFAULT);
    }

    private static BackfillInput.Topic topic(KafkaConnection kafka, TopicRange range) {
        return new BackfillInput.Topic(kafka, range, "backfill", RecordFormat.JSON.documentReader());
    }

    private BackfillOutput.Files files(String name) {
        return new BackfillOutput.Files(folder.resolve(name).toString(), OutputFormat.JSONL);
    }

    private void run(BackfillInput input, BackfillOutput output, DoneIds done) throws Exception {
        run(input, output, done, 1);
    }

    private void run(BackfillInput input, BackfillOutput output, DoneIds done, int parallelism) throws Exception {
        BackfillJob job = new BackfillJob(input, output, plan(input.reader()), done);
        run(environment -> job.build(environment, Optional.empty()), parallelism);
    }

    private void run(Topology topology, int parallelism) throws Exception {
        LocalFlink flink = new LocalFlink(TopicJob.configuration(Duration.ofMillis(300)), parallelism)
                .withCheckpoints(folder.resolve("checkpoints-" + System.nanoTime()))
                .withoutRestarts();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
        topology.build(environment);
        try (LocalJob job = LocalJob.start(environment, "backfill")) {
            assertThat(job.ended(Duration.ofMinutes(2))).isTrue();
        }
    }

    @FunctionalInterface
    private interface Topology {
        void build(StreamExecutionEnvironment environment);
    }

    private static EnrichmentPlan plan(DocumentReader reader) throws IOException {
        return EnrichmentPlan.of(
                reader,
                EnrichmentOptions.DEFAULT,
                ReplicaOptions.of(BundledModel.file()).withThreads(1));
    }

    private static int prepare(KafkaConnection kafka) {
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            cluster.create(List.of("documents"), 2);
            cluster.create(List.of("live", "live-refused", "again", "again-refused"), 1);
            try (RecordFeed feed = new RecordFeed(kafka, "documents")) {
                IntStream.range(0, DOCUMENTS)
                        .forEach(number -> feed.send(
                                Archive.id(number).getBytes(UTF_8),
                                Archive.line(number).getBytes(UTF_8),
                                Map.of()));
                feed.flush();
            }
            return cluster.transactionTimeout();
        }
    }

    private static List<String> values(KafkaConnection kafka, String topic, int count) throws InterruptedException {
        List<String> values = new ArrayList<>();
        try (CommittedReader reader = new CommittedReader(kafka, List.of(topic))) {
            for (int poll = 0; poll < 100 && values.size() < count; poll++) {
                for (InputRecord record : reader.poll(Duration.ofMillis(100))) {
                    values.add(UTF_8.decode(record.getValue().duplicate()).toString());
                }
            }
            assertThat(reader.poll(Duration.ofMillis(300))).isEmpty();
        }
        return values.stream().sorted().toList();
    }
}
