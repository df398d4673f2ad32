package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo as a user starts it, on documents of the user's own.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DemoITCase {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void showsEveryDocumentAndEveryRefusalAndEndsWithZero() throws Exception {
        Path documents = Files.writeString(folder.resolve("mine.jsonl"), """
                {"id": "kettle", "title": "A kettle", "text": "The kettle cost 20 euros. I like it a lot."}
                no document
                {"id": "tea", "text": "Bo makes tea. It is bad."}
                """);
        assertThat(run("demo", "--documents=" + documents, "--question=Who makes tea?"))
                .isZero();
        assertThat(out.toString())
                .contains("kettle · A kettle", "tea · Bo makes tea.", "refused", "question   Who makes tea?")
                .contains("summary", "sentiment", "answer")
                .contains("2 enriched, 1 refused, 0 missing, of 3 records");
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @Test
    void saysWhichFileOfDocumentsIsMissing() {
        assertThat(run("demo", "--documents=no-such.jsonl")).isEqualTo(1);
        assertThat(err.toString()).contains("The file 'no-such.jsonl' does not exist");
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
