package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.flinkllama.jobs.cli.Main;
import org.flinkllama.jobs.cluster.JavaCommand;
import org.flinkllama.jobs.cluster.JavaProcess;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command as users start it, in processes of its own, from and to Parquet.
final class ParquetBackfillITCase {
    private static final int DOCUMENTS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private Path archive;

    @BeforeEach
    void makeArchive() throws IOException {
        archive = Files.createDirectory(folder.resolve("archive"));
        List<Document> documents = IntStream.range(0, DOCUMENTS)
                .mapToObj(ParquetRecordsTest::document)
                .toList();
        Files.write(
                archive.resolve("a.jsonl"),
                documents.stream().map(ParquetBackfillITCase::json).toList());
        try (DataFileWriter<Document> writer = new DataFileWriter<>(new SpecificDatumWriter<>(Document.class))) {
            writer.create(Document.getClassSchema(), archive.resolve("a.avro").toFile());
            for (Document document : documents) {
                writer.append(document);
            }
        }
        Written written = new Written(CompressionCodecName.ZSTD, WriterVersion.PARQUET_2_0, false, 4_000);
        Files.write(archive.resolve("a.parquet"), written.documents(folder, documents));
        Files.write(archive.resolve("broken.parquet"), "PAR1 and no more".getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Document document) {
        String attributes = document.getAttributes().entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .reduce((one, other) -> one + "," + other)
                .orElse("");
        String questions = document.getQuestions().stream()
                .map(question -> "\"" + question + "\"")
                .reduce((one, other) -> one + "," + other)
                .orElse("");
        return "{\"id\":\"" + document.getId() + "\",\"text\":\"" + document.getText() + "\""
                + (document.getTitle() == null ? "" : ",\"title\":\"" + document.getTitle() + "\"")
                + (document.getEventTime() == null ? "" : ",\"eventTime\":\"" + document.getEventTime() + "\"")
                + ",\"questions\":[" + questions + "],\"attributes\":{" + attributes + "}}";
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void theSameRowsGiveTheSameBytesFromAndToEveryFormatAndAfterAKill() throws Exception {
        end(backfill("lines", "--output-format=jsonl"));
        List<String> lines = new ArrayList<>();
        for (Path file : files(folder.resolve("lines"))) {
            lines.addAll(Files.readAllLines(file));
        }
        List<String> ofLines = of("a.jsonl", lines);
        assertThat(ofLines).hasSize(DOCUMENTS);
        assertThat(of("a.avro", lines)).isEqualTo(ofLines);
        assertThat(of("a.parquet", lines)).isEqualTo(ofLines);
        assertThat(files(folder.resolve("lines/rejects"))).hasSize(1).allSatisfy(file -> assertThat(file)
                .content()
                .contains("\"source\":\"broken.parquet\",\"partition\":0,\"record\":1", "doesn't end with 'PAR1'"));

        killInTheMiddle("columns");
        JavaProcess last = end(backfill("columns", "--output-format=parquet"));
        assertThat(Files.readString(last.log())).contains("on from checkpoint");
        List<Path> written = files(folder.resolve("columns"));
        assertThat(written).extracting(Path::getFileName).containsExactly(Path.of("enrichments-00001.parquet"));
        List<String> columns = new ArrayList<>();
        for (Enrichment enrichment : WrittenEnrichments.of(written.getFirst())) {
            columns.add(new String(RecordFormat.JSON.enrichmentWriter().write(enrichment), StandardCharsets.UTF_8));
        }
        assertThat(columns).containsExactlyInAnyOrderElementsOf(lines);

        end(backfill("nothing", "--skip-done=" + folder.resolve("columns") + "/*.parquet"));
        assertThat(files(folder.resolve("nothing"))).isEmpty();
    }

    /// The lines of one file's documents, without where they came from, in order.
    private static List<String> of(String file, List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("\"topic\":\"" + file + "\""))
                .map(line -> line.replaceAll("\"source\":\\{[^}]*}", ""))
                .sorted()
                .toList();
    }

    private void killInTheMiddle(String output) throws Exception {
        Path results = folder.resolve(output);
        JavaProcess job = backfill(output, "--output-format=parquet");
        try {
            job.await(() -> !files(results).isEmpty(), PATIENCE);
        } finally {
            job.kill();
        }
        assertThat(results.resolve("_backfill/complete")).doesNotExist();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JavaProcess backfill(String output, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "backfill",
                "--input=" + archive,
                "--output=" + folder.resolve(output),
                "--tasks=sentiment",
                "--max-sequences=4",
                "--checkpoint-interval=250ms"));
        arguments.addAll(Arrays.asList(options));
        return new JavaCommand(Main.class.getName(), List.of("-Xmx512m"), arguments)
                .start("backfill", folder.resolve("printed-" + System.nanoTime() + ".txt"));
    }

    private static JavaProcess end(JavaProcess job) throws Exception {
        int code = job.exitCode(PATIENCE);
        assertThat(code).as("the job printed %s", Files.readString(job.log())).isZero();
        return job;
    }
}
