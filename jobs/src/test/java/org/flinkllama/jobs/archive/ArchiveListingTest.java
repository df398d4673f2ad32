package org.flinkllama.jobs.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveListingTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of(
                "b.jsonl", "a/c.csv.gz", "a/d/e.txt", "a/f.pdf", ".hidden.jsonl", "_work/g.jsonl", "a/h.AVRO.zst")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    @Test
    void findsAllBelowAFolderInOrderOfTheirNames() {
        assertThat(names(folder.toString())).containsExactly("a/c.csv.gz", "a/d/e.txt", "a/h.AVRO.zst", "b.jsonl");
        assertThat(files(folder.toString()).stream().map(ArchiveFile::format))
                .containsExactly(FileFormat.CSV, FileFormat.TEXT, FileFormat.AVRO, FileFormat.JSONL);
    }

    @Test
    void findsWhatAGlobNames() {
        assertThat(names(folder + "/a/*.csv*")).containsExactly("c.csv.gz");
        assertThat(names(folder + "/**/*.{txt,gz}")).containsExactly("a/c.csv.gz", "a/d/e.txt");
    }

    @Test
    void tellsAddressesFromPaths() {
        assertThat(names("file:" + folder + "/a/*.csv*")).containsExactly("c.csv.gz");
        assertThat(List.of("s3://bucket/a", "hdfs:/a", "file:///a")).allMatch(ArchiveListing::isAddress);
        assertThat(List.of("a/b:c/d", "/a:/b", "12:/x", "a")).noneMatch(ArchiveListing::isAddress);
        assertThat(ArchiveListing.absolute("/a/../b/*.csv")).isEqualTo("/b/*.csv");
    }

    @Test
    void takesAFileAsItIsNamedAndItsFormatAsItIsSaid() {
        assertThat(names(folder + "/b.jsonl", folder + "/a/d/e.txt")).containsExactly("b.jsonl", "e.txt");
        assertThat(new ArchiveListing(Optional.of(FileFormat.LINES)).files(List.of(folder + "/a")))
                .extracting(ArchiveFile::name)
                .containsExactly("c.csv.gz", "d/e.txt", "f.pdf", "h.AVRO.zst");
    }

    @Test
    void saysWhatIsWrongWithWhatItIsGiven() throws IOException {
        assertThatThrownBy(() -> files(folder + "/x.jsonl")).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> files(folder + "/*.csv")).hasMessageContaining("names no file");
        assertThatThrownBy(() -> files(folder + "/a/f.pdf")).hasMessageContaining("--input-format");
        Files.createDirectories(folder.resolve("z"));
        Files.writeString(folder.resolve("z/b.jsonl"), "");
        assertThatThrownBy(() -> files(folder + "/b.jsonl", folder + "/z"))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("both called 'b.jsonl'");
    }

    private static List<ArchiveFile> files(String... words) {
        return new ArchiveListing(Optional.empty()).files(List.of(words));
    }

    private static List<String> names(String... words) {
        return files(words).stream().map(ArchiveFile::name).toList();
    }
}
