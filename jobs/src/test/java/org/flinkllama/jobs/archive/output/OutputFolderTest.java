package org.flinkllama.jobs.archive.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
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
    void clearsWhatJobsHaveWrittenAndNothingElse() throws IOException {
        write("enrichments-00001.avro");
        write("enrichments-mine.jsonl");
        write("rejects/rejects-00001.jsonl");
        OutputFolder output = new OutputFolder(folder);
        assertThat(output.isEmpty()).isFalse();
        assertThat(output.strange()).containsExactly(folder.resolve("enrichments-mine.jsonl"));
        output.clear();
        assertThat(files()).containsExactly("enrichments-mine.jsonl");
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
