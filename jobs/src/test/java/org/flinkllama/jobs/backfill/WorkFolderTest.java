package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.flinkllama.jobs.local.JobFolder;
import org.flinkllama.jobs.local.JobFolderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkFolderTest {
    @TempDir
    private Path folder;

    @Test
    void keepsWhatWasAskedForUntilItIsCleared() {
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        assertThat(work.settings()).isEmpty();
        work.begin(Map.of("input", "3 files"));
        assertThat(work.settings()).contains(Map.of("input", "3 files"));
        work.clear();
        assertThat(work.settings()).isEmpty();
    }

    @Test
    void hasEndedWhenThatIsNoted() {
        WorkFolder work = new WorkFolder(folder);
        work.begin(Map.of());
        assertThat(work.hasEnded()).isFalse();
        work.complete();
        work.complete();
        assertThat(work.hasEnded()).isTrue();
    }

    @Test
    void hasEndedWhenFlinkHasDeletedTheCheckpointsThatThereWere() throws IOException {
        WorkFolder work = new WorkFolder(folder);
        work.begin(Map.of());
        Files.createFile(work.checkpointed());
        assertThat(work.hasEnded()).isTrue();
    }

    @Test
    void isNotClearedWhileAProcessWorksOnIt() throws IOException {
        WorkFolder work = new WorkFolder(folder);
        work.begin(Map.of("a", "b"));
        try (JobFolder _ = JobFolder.open(work.checkpoints())) {
            assertThatThrownBy(work::clear).isInstanceOf(JobFolderException.class);
        }
        assertThat(work.settings()).isPresent();
    }
}
