package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.output.DoneIds;
import org.flinkllama.jobs.archive.output.OutputFolder;
import org.flinkllama.schemas.v1.Answer;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Evidence;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Sentiment;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Summary;
import org.flinkllama.schemas.v1.SummaryMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetContainersTest {
    @TempDir
    private Path folder;

    @Test
    void writesEnrichmentsWithAllTheirFields() throws IOException {
        List<Enrichment> written = IntStream.range(0, 50)
                .mapToObj(ParquetContainersTest::enrichment)
                .toList();
        write("a.parquet", written);
        assertThat(WrittenEnrichments.of(folder.resolve("a.parquet"))).isEqualTo(written);
        byte[] first = Files.readAllBytes(folder.resolve("a.parquet"));
        write("a.parquet", written);
        assertThat(Files.readAllBytes(folder.resolve("a.parquet"))).isEqualTo(first);
    }

    @Test
    void makesOneFileOfManyWhenAJobHasEnded() throws IOException {
        List<Enrichment> all = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            List<Enrichment> written = IntStream.range(part * 10, part * 10 + 7)
                    .mapToObj(ParquetContainersTest::enrichment)
                    .toList();
            write("enrichments-" + new UUID(0, 7) + "-" + part + ".parquet", written);
            all.addAll(written);
        }
        Files.writeString(folder.resolve(".merge.parquet.new"), "half");
        OutputFolder output = new OutputFolder(folder);
        assertThat(output.strange()).isEmpty();
        output.finish();
        assertThat(folder.toFile().list()).containsExactly("enrichments-00001.parquet");
        Path joined = folder.resolve("enrichments-00001.parquet");
        assertThat(WrittenEnrichments.of(joined)).isEqualTo(all);
        assertThat(ParquetFile.open(WrittenEnrichments.content(joined)).groups())
                .hasSize(1);
        assertThat(ParquetFile.open(WrittenEnrichments.content(joined)).metadata())
                .containsKey("parquet.avro.schema");
    }

    @Test
    void findsTheIdsOfEarlierOutputs() throws IOException {
        write("enrichments-00001.parquet", List.of(enrichment(1), enrichment(2)));
        assertThat(DoneIds.in(List.of(folder.toString())).read()).containsExactlyInAnyOrder("d-1", "d-2");

        Files.write(
                folder.resolve("other.parquet"),
                Written.USUAL.documents(folder.resolve(".."), List.of(ParquetRecordsTest.document(1))));
        assertThatThrownBy(() -> DoneIds.in(List.of(folder.toString())).read())
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("other.parquet' has no field 'documentId'");
        Files.write(folder.resolve("other.parquet"), new byte[] {'P', 'A', 'R', '1'});
        assertThatThrownBy(() -> DoneIds.in(List.of(folder.toString())).read())
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("other.parquet' has a damaged Parquet file");
    }

    private void write(String name, List<Enrichment> enrichments) throws IOException {
        try (FSDataOutputStream stream = new LocalFileSystem()
                .create(new org.apache.flink.core.fs.Path(folder.resolve(name).toString()), WriteMode.OVERWRITE)) {
            BulkWriter<Enrichment> writer = new ParquetContainers().writers().create(stream);
            for (Enrichment enrichment : enrichments) {
                writer.addElement(enrichment);
            }
            writer.flush();
            writer.finish();
        }
    }

    private static Enrichment enrichment(int number) {
        return Enrichment.newBuilder()
                .setDocumentId("d-" + number)
                .setEventTime(number % 2 == 0 ? null : Instant.ofEpochMilli(number))
                .setAttributes(Map.of("kind", "news"))
                .setSummary(
                        number % 3 == 0
                                ? null
                                : new Summary("Short.", SummaryMethod.EXTRACTIVE, new Evidence(0, number), 1))
                .setSentiment(new Sentiment("good", Map.of("good", 0.75, "bad", 0.25), 1))
                .setAnswers(number % 5 == 0 ? List.of() : List.of(new Answer("Why?", true, "Because.", null, 0.5, 1)))
                .setOutputs(List.of())
                .setProvenance(provenance(number))
                .build();
    }

    private static Provenance provenance(int number) {
        return Provenance.newBuilder()
                .setModelName("m")
                .setModelSha256("00")
                .setPromptVersion("p/1")
                .setOptions(Map.of("labels", "good,bad"))
                .setPromptTokens(number)
                .setCompletionTokens(1)
                .setFinishReasons(Map.of("sentiment", FinishReason.SCORED))
                .setSource(new SourcePosition("a", 0, (long) number))
                .build();
    }
}
