package org.flinkllama.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobFolderTest {
    @TempDir
    private Path parent;

    @Test
    void hasNoCheckpointBeforeTheFirstRun() {
        try (JobFolder folder = folder()) {
            assertThat(folder.lastCheckpoint()).isEmpty();
        }
    }

    @Test
    void findsTheHighestCompletedCheckpointOfTheLastRun() throws IOException {
        try (JobFolder folder = folder()) {
            Path run = folder.nextRun();
            complete(run, 9);
            complete(run, 10);
            assertThat(folder.lastCheckpoint()).hasValue(run.resolve("chk-10"));
        }
    }

    @Test
    void passesOverCheckpointsThatAKilledProcessLeftHalfWritten() throws IOException {
        try (JobFolder folder = folder()) {
            Path run = folder.nextRun();
            complete(run, 3);
            Files.createDirectories(run.resolve("chk-4"));
            byte[] metadata = Files.readAllBytes(run.resolve("chk-3").resolve("_metadata"));
            Path half = Files.createDirectories(run.resolve("chk-5")).resolve("_metadata");
            Files.write(half, Arrays.copyOf(metadata, metadata.length / 2));
            Files.write(Files.createDirectories(run.resolve("chk-6")).resolve("_metadata"), new byte[0]);
            assertThat(folder.lastCheckpoint()).hasValue(run.resolve("chk-3"));
        }
    }

    @Test
    void goesBackToAnEarlierRunWhereTheLastCompletedNone() throws IOException {
        try (JobFolder folder = folder()) {
            Path first = folder.nextRun();
            complete(first, 7);
            folder.nextRun();
            assertThat(folder.lastCheckpoint()).hasValue(first.resolve("chk-7"));
        }
    }

    @Test
    void looksAtNoRunFromBeforeOneThatBeganAnew() throws IOException {
        try (JobFolder folder = folder()) {
            complete(folder.nextRun(), 7);
            Path anew = folder.nextRunAnew();
            folder.nextRun();
            assertThat(folder.lastCheckpoint()).isEmpty();
            complete(anew, 1);
            assertThat(folder.lastCheckpoint()).hasValue(anew.resolve("chk-1"));
        }
    }

    @Test
    void deletesRunsFromBeforeTheOneThatIsNeeded() throws IOException {
        try (JobFolder folder = folder()) {
            Path first = folder.nextRun();
            complete(first, 1);
            Path second = folder.nextRun();
            assertThat(first).exists();
            complete(second, 2);
            Path third = folder.nextRun();
            assertThat(List.of(second, third)).allMatch(Files::exists);
            assertThat(first).doesNotExist();
        }
    }

    @Test
    void leavesEarlierRunsInForceWhereTheUsersCheckpointDoesNotExist() throws IOException {
        try (JobFolder folder = folder()) {
            Path run = folder.nextRun();
            complete(run, 7);
            assertThatThrownBy(() -> folder.nextRunFrom(parent.resolve("chk-1")))
                    .isInstanceOf(JobFolderException.class)
                    .hasMessageContaining("chk-1")
                    .hasMessageContaining("_metadata");
            assertThat(folder.lastCheckpoint()).hasValue(run.resolve("chk-7"));
            assertThat(folder.nextRunFrom(run.resolve("chk-7"))).exists();
            assertThat(folder.lastCheckpoint()).isEmpty();
        }
    }

    @Test
    void isHeldByOneAtATime() {
        try (JobFolder folder = folder()) {
            assertThatThrownBy(this::folder)
                    .isInstanceOf(JobFolderException.class)
                    .hasMessageContaining("Another process works on this job")
                    .hasMessageContaining("--job-name");
            assertThat(folder.path()).exists();
        }
        folder().close();
    }

    private JobFolder folder() {
        return JobFolder.open(parent.resolve("job"));
    }

    private static void complete(Path run, long checkpoint) throws IOException {
        Path folder = Files.createDirectories(run.resolve("chk-" + checkpoint));
        try (OutputStream metadata = Files.newOutputStream(folder.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(checkpoint, List.of(), List.of()), metadata);
        }
    }
}
