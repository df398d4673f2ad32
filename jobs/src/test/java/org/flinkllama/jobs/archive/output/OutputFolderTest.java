package org.flinkllama.jobs.archive.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFolderTest {
    @TempDir
    private Path folder;

    @Test
    void numbersFilesAndDeletesWhatIsUnfinished() throws IOException {
        write("enrichments-" + UUID.randomUUID() + "-0.jsonl");
        write("enrichments-" + UUID.randomUUID() + "-17.jsonl");
        write("enrichments-00003.jsonl");
        write(".enrichments-" + UUID.randomUUID() + "-0.jsonl.inprogress." + UUID.randomUUID());
        write("rejects/rejects-" + UUID.randomUUID() + "-0.jsonl");
        write("_backfill/settings.json");
        OutputFolder output = new OutputFolder(folder);
        assertThat(output.strange()).isEmpty();
        output.finish();
        output.finish();
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "_backfill/settings.json",
                        "enrichments-00003.jsonl",
                        "enrichments-00004.jsonl",
                        "enrichments-00005.jsonl",
                        "rejects/rejects-00001.jsonl");
    }

    @Test
    void makesOneContainerOfManyAlthoughItIsInterrupted() throws IOException {
        List<String> parts = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            String name = "enrichments-" + UUID.randomUUID() + "-0.avro";
            container(name, id);
            parts.add(name);
        }
        new OutputFolder(folder).finish();
        assertThat(files()).containsExactly("enrichments-00001.avro");
        assertThat(DoneIds.in(List.of(folder.toString())).read()).containsExactlyInAnyOrder("a", "b", "c");

        // Killed when the container was whole and one part was deleted.
        Files.move(folder.resolve("enrichments-00001.avro"), folder.resolve(".merge.avro"));
        container(parts.get(1), "b");
        write(".merge.avro.list", "enrichments-00001.avro\n" + String.join("\n", parts) + "\n");
        new OutputFolder(folder).finish();
        assertThat(files()).containsExactly("enrichments-00001.avro");
        assertThat(DoneIds.in(List.of(folder.toString())).read()).containsExactlyInAnyOrder("a", "b", "c");

        // Killed while the container was written.
        container("enrichments-" + UUID.randomUUID() + "-1.avro", "d");
        write(".merge.avro.new", "half");
        new OutputFolder(folder).finish();
        assertThat(files()).containsExactlyInAnyOrder("enrichments-00001.avro", "enrichments-00002.avro");
    }

    @Test
    void keepsContainersOfOtherSchemasApart() throws IOException {
        List<String> ids = List.of("a", "b", "c");
        List<String> schemas = List.of("E", "E", "F");
        for (int part = 0; part < ids.size(); part++) {
            container(
                    "enrichments-0000000%d-%s-0.avro".formatted(part, "a".repeat(27)),
                    schemas.get(part),
                    ids.get(part));
        }
        new OutputFolder(folder).finish();
        assertThat(files()).containsExactlyInAnyOrder("enrichments-00001.avro", "enrichments-00002.avro");
        assertThat(DoneIds.in(List.of(folder + "/enrichments-00001.avro")).read())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(DoneIds.in(List.of(folder + "/enrichments-00002.avro")).read())
                .containsExactly("c");
    }

    @Test
    void clearsWhatAMergeHasLeft() throws IOException {
        write(".merge.avro.new", "half");
        write(".merge.avro.list", "enrichments-00001.avro\n");
        assertThat(new OutputFolder(folder).strange()).isEmpty();
        new OutputFolder(folder).clear();
        assertThat(files()).isEmpty();
    }

    private void container(String name, String id) throws IOException {
        container(name, "E", id);
    }

    private void container(String name, String schemaName, String id) throws IOException {
        Schema schema = SchemaBuilder.record(schemaName)
                .fields()
                .requiredString("documentId")
                .endRecord();
        try (DataFileWriter<GenericData.Record> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, folder.resolve(name).toFile());
            GenericData.Record record = new GenericData.Record(schema);
            record.put("documentId", id);
            writer.append(record);
        }
    }

    @Test
    void clearsWhatJobsHaveWrittenAndNothingElse() throws IOException {
        write("enrichments-00001.avro");
        write("enrichments-mine.jsonl");
        write("rejects/rejects-00001.jsonl");
        write("_backfill/job-1");
        OutputFolder output = new OutputFolder(folder);
        assertThat(output.isEmpty()).isFalse();
        assertThat(output.strange()).containsExactly(folder.resolve("enrichments-mine.jsonl"));
        output.clear();
        assertThat(files()).containsExactly("enrichments-mine.jsonl");
    }

    @Test
    void findsTheIdsOfAJobOnAClusterAndNoneOfUnfinishedFiles() throws IOException {
        String written = "enrichments-" + UUID.randomUUID() + "-0.jsonl";
        write(written, "{\"documentId\":\"a\"}\n");
        write("." + written + ".inprogress." + UUID.randomUUID(), "{\"documentId\":\"b\"}\n");
        new OutputClaims(folder.toString()).takeOver("1", Set.of());
        assertThat(DoneIds.in(List.of(folder.toString())).read()).containsExactly("a");
    }

    @Test
    void findsTheIdsOfEarlierOutputs() throws IOException {
        write(
                "enrichments-00001.jsonl",
                "{\"documentId\":\"a\",\"summary\":{\"x\":[1]}}\n\n{\"eventTime\":null,\"documentId\":\"b\"}\n");
        write("rejects/rejects-00001.jsonl", "{\"source\":\"f\",\"record\":3,\"stage\":\"DECODE\",\"reason\":\"r\"}\n");
        assertThat(DoneIds.in(List.of(folder.toString())).read()).containsExactlyInAnyOrder("a", "b");
        assertThat(DoneIds.in(List.of()).read()).isEmpty();
        write("other.jsonl", "{\"id\":\"a\"}\n");
        assertThatThrownBy(() -> DoneIds.in(List.of(folder.toString())).read())
                .hasMessageContaining("no 'documentId' in line 1");
    }

    private void write(String name) throws IOException {
        write(name, name);
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
