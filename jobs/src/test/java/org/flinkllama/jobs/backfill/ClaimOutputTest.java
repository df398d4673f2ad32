package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.flinkllama.schemas.v1.Enrichment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimOutputTest {
    @TempDir
    private Path folder;

    @Test
    void keepsASecondJobOutOfTheFolderAndDoesNotRestartIt() throws Exception {
        try (Task first = new Task()) {
            first.begin();
            first.harness.snapshot(1, 1);
            try (Task second = new Task()) {
                assertThatThrownBy(second::begin)
                        .isInstanceOf(SuppressRestartsException.class)
                        .hasRootCauseMessage("The output folder '" + folder + "' is that of job " + first.job
                                + "; expected a new or empty folder, or documents are written twice. Give another"
                                + " --output, with --skip-done for what is done; or --restore with a savepoint or the"
                                + " last checkpoint of the job that wrote there.");
            }
            assertThat(claims()).containsExactly(first.job);
        }
        assertThat(claims()).as("when the job has ended").hasSize(1);
    }

    @Test
    void givesTheFolderUpWhereTheJobEndsBeforeItsFirstCheckpoint() throws Exception {
        try (Task task = new Task()) {
            task.begin();
            assertThat(claims()).containsExactly(task.job);
        }
        assertThat(claims()).isEmpty();
    }

    @Test
    void letsASavepointBeUsedAgainUntilAJobHasGoneOnFromIt() throws Exception {
        OperatorSubtaskState savepoint;
        String begun;
        try (Task task = new Task()) {
            task.begin();
            savepoint = task.harness.snapshot(1, 1);
            begun = task.job;
        }
        Files.createFile(folder.resolve("enrichments-1.jsonl"));
        try (Task failed = new Task()) {
            failed.goOn(savepoint);
        }
        assertThat(claims()).containsExactly(begun);
        try (Task resumed = new Task()) {
            resumed.goOn(savepoint);
            resumed.harness.snapshot(2, 2);
            assertThat(claims()).containsExactly(resumed.job);
        }
        try (Task late = new Task()) {
            assertThatThrownBy(() -> late.goOn(savepoint))
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseInstanceOf(ArchiveException.class);
        }
    }

    private Iterable<String> claims() {
        return new OutputClaims(folder.toString()).jobs();
    }

    /// The operator in a job of its own.
    private final class Task implements AutoCloseable {
        private final JobID id = new JobID();
        private final String job = id.toHexString();
        private final MockEnvironment environment =
                new MockEnvironmentBuilder().setJobID(id).build();
        private final OneInputStreamOperatorTestHarness<Enrichment, Enrichment> harness =
                new OneInputStreamOperatorTestHarness<>(
                        new StreamMap<>(new ClaimOutput(folder.toString())), environment);

        Task() throws Exception {}

        void begin() throws Exception {
            harness.open();
        }

        void goOn(OperatorSubtaskState savepoint) throws Exception {
            harness.initializeState(savepoint);
            harness.open();
        }

        @Override
        public void close() {
            try {
                harness.close();
                environment.close();
            } catch (Exception e) {
                throw new AssertionError("The task did not end.", e);
            }
        }
    }
}
