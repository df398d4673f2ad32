package org.flinkllama.jobs.archive.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.flinkllama.jobs.archive.ArchiveException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputClaimsTest {
    @TempDir
    private Path folder;

    private OutputClaims claims;

    @BeforeEach
    void nameTheFolder() {
        claims = new OutputClaims(folder.resolve("out").toUri().toString());
    }

    @Test
    void aFolderIsOfTheFirstJobThatBegins() {
        assertThatCode(claims::requireNew).doesNotThrowAnyException();
        claims.begin("a");
        claims.begin("a"); // another task, or a restart
        assertThatThrownBy(() -> claims.begin("b"))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("is that of job a; expected a new or empty folder");
        assertThatThrownBy(claims::requireNew).hasMessageContaining("--restore");
        assertThat(claims.jobs()).containsExactly("a");
    }

    @Test
    void aJobThatGoesOnTakesTheFolderOverOnce() {
        claims.begin("a");
        claims.requireNoneBut(Set.of("a", "b"));
        claims.takeOver("b", Set.of("a"));
        claims.takeOver("b", Set.of("a", "b")); // another task
        assertThat(claims.jobs()).containsExactly("b");
        // The savepoint of job a, submitted a second time.
        assertThatThrownBy(() -> claims.requireNoneBut(Set.of("a", "c")))
                .hasMessageContaining("taken over by job b after this savepoint or checkpoint was made")
                .hasMessageContaining("delete 'file:" + folder.resolve("out") + "/_backfill/job-b'");
        assertThatThrownBy(() -> claims.takeOver("c", Set.of("a"))).isInstanceOf(ArchiveException.class);
        assertThat(claims.jobs()).containsExactly("b");
    }

    @Test
    void refusesWhatLiesInTheFolderUnlessItIsHidden() throws IOException {
        Path rejects = Files.createDirectories(folder.resolve("out/rejects"));
        Files.createFile(rejects.resolve(".rejects.inprogress"));
        Files.createFile(folder.resolve("out/.enrichments.inprogress"));
        claims.begin("a");
        Path refused = Files.createFile(rejects.resolve("rejects-1.jsonl"));
        assertThatThrownBy(() -> claims.begin("a")).hasMessageContaining("it has 'rejects/rejects-1.jsonl'");
        Files.delete(refused);
        Files.createFile(folder.resolve("out/_backfill/settings.json"));
        assertThatThrownBy(() -> claims.begin("a")).hasMessageContaining("it has '_backfill/settings.json'");
    }
}
