package org.flinkllama.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleDocumentTest {
    @TempDir
    private Path folder;

    @Test
    void bundledOnesEndWithTwoThatAreBrokenOnPurpose() {
        List<SampleDocument> bundled = SampleDocument.bundled();
        assertThat(bundled).hasSizeGreaterThan(42);
        assertThat(bundled.subList(0, bundled.size() - 2)).allSatisfy(document -> {
            assertThat(document.id()).isNotEmpty();
            assertThat(document.text()).isNotEmpty();
        });
        assertThat(bundled.subList(bundled.size() - 2, bundled.size()))
                .extracting(SampleDocument::text)
                .containsOnly("");
    }

    @Test
    void takesEveryLineOfAFileThatIsNotBlank() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.jsonl"), "{\"id\": \"a\", \"text\": \"One.\"}\n\n  \nno JSON\r\n[1]\n");
        assertThat(SampleDocument.in(file))
                .extracting(SampleDocument::id, SampleDocument::title, document -> new String(document.line()))
                .containsExactly(
                        tuple("a", "One.", "{\"id\": \"a\", \"text\": \"One.\"}"),
                        tuple("", "", "no JSON"),
                        tuple("", "", "[1]"));
    }
}
