package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputOwnerTest {
    @TempDir
    private Path folder;

    private OutputClaims claims;

    @BeforeEach
    void nameTheFolder() {
        claims = new OutputClaims(folder.toString());
    }

    @Test
    void keepsASecondJobOutOfTheFolderAndDoesNotRestartIt() {
        OutputOwner first = new OutputOwner(claims, "first");
        first.start();
        checkpoint(first, 1);
        try (OutputOwner second = new OutputOwner(claims, "second")) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseMessage("The output folder '" + folder + "' is that of job first; expected a new or"
                            + " empty folder, or documents are written twice. Give another --output, with --skip-done"
                            + " for what is done; or --restore with a savepoint or the last checkpoint of the job that"
                            + " wrote there.");
        }
        first.close();
        assertThat(claims.jobs()).containsExactly("first");
    }

    @Test
    void givesTheFolderUpWhereTheJobEndsBeforeItsFirstCheckpoint() {
        try (OutputOwner owner = new OutputOwner(claims, "job")) {
            owner.start();
            owner.resetToCheckpoint(OperatorCoordinator.NO_CHECKPOINT, null); // a restart
            assertThat(claims.jobs()).containsExactly("job");
        }
        assertThat(claims.jobs()).isEmpty();
    }

    @Test
    void letsASavepointBeUsedAgainUntilAJobHasGoneOnFromIt() throws Exception {
        OutputOwner begun = new OutputOwner(claims, "begun");
        begun.start();
        byte[] savepoint = checkpoint(begun, 1);
        begun.close();
        Files.createFile(folder.resolve("enrichments-1.jsonl"));
        restored("failed", savepoint).close();
        assertThat(claims.jobs()).containsExactly("begun");

        OutputOwner resumed = restored("resumed", savepoint);
        byte[] own = checkpoint(resumed, 2);
        assertThat(claims.jobs()).containsExactly("resumed");
        resumed.resetToCheckpoint(1, savepoint); // its checkpoint did not become complete
        resumed.resetToCheckpoint(2, own);
        checkpoint(resumed, 3);
        assertThat(claims.jobs()).containsExactly("resumed");

        assertThatThrownBy(() -> restored("late", savepoint))
                .isInstanceOf(SuppressRestartsException.class)
                .hasRootCauseInstanceOf(ArchiveException.class)
                .rootCause()
                .hasMessageContaining("was taken over by job resumed");
    }

    @Test
    void leavesOneOfTwoJobsThatGoOnFromOneSavepoint() {
        OutputOwner begun = new OutputOwner(claims, "begun");
        begun.start();
        byte[] savepoint = checkpoint(begun, 1);
        OutputOwner one = restored("one", savepoint);
        OutputOwner other = restored("other", savepoint);
        checkpoint(other, 2);
        assertThatThrownBy(() -> checkpoint(one, 2)).isInstanceOf(SuppressRestartsException.class);
        assertThat(claims.jobs()).containsExactly("other");
    }

    @Test
    void hasNothingToClaimWhereTheTasksHadEnded() {
        claims.begin("begun");
        OutputOwner resumed = restored("resumed", null);
        checkpoint(resumed, 2);
        resumed.close();
        assertThat(claims.jobs()).containsExactly("begun");
    }

    private OutputOwner restored(String job, byte[] savepoint) {
        OutputOwner owner = new OutputOwner(claims, job);
        owner.resetToCheckpoint(1, savepoint);
        owner.start();
        return owner;
    }

    private static byte[] checkpoint(OutputOwner owner, long number) {
        CompletableFuture<byte[]> state = new CompletableFuture<>();
        owner.checkpointCoordinator(number, state);
        return state.join();
    }
}
