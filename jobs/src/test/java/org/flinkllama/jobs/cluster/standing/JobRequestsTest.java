package org.flinkllama.jobs.cluster.standing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.jobs.cluster.ClusterException;
import org.flinkllama.jobs.cluster.FlinkRest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JobRequestsTest {
    private static final String WORKING = "{\"status\": {\"id\": \"IN_PROGRESS\"}}";
    private static final String CHECKPOINT = "{\"latest\": {\"completed\": {\"external_path\": \"file:/chk-7\"}}}";

    private final List<Duration> waited = new ArrayList<>();
    private ScriptedJobManager jobManager;
    private JobRequests requests;

    @BeforeEach
    void connect() throws Exception {
        jobManager = new ScriptedJobManager().answering("POST /jobs/a/stop", "{\"request-id\": \"b\"}");
        requests = new JobRequests(
                new FlinkRest(jobManager.port()), new JobRequests.Pace(Duration.ZERO, Duration.ofMillis(300)));
    }

    @AfterEach
    void disconnect() {
        requests.close();
        jobManager.close();
    }

    @Test
    void waitsForASavepointAndSaysHowLong() throws Exception {
        jobManager.answering(
                "GET /jobs/a/savepoints/b",
                WORKING,
                WORKING,
                "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": {\"location\": \"file:/savepoint\"}}");
        assertThat(requests.stop("a", waited::add)).isEqualTo("file:/savepoint");
        assertThat(waited).hasSize(2).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void saysWhyThereIsNoSavepointAndWhatElseToDo() {
        jobManager.answering(
                "GET /jobs/a/savepoints/b",
                "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": {\"failure-cause\": {\"stack-trace\":"
                        + " \"a.b.CheckpointException: Checkpoint expired before completing.\\n\\tat a.B.c(B.java:1)\"}}}");
        assertThatThrownBy(() -> requests.stop("a", waited::add))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("Job a did not stop with a savepoint: Checkpoint expired before completing. A")
                .hasMessageContaining("'at-checkpoint'");
    }

    @Test
    void givesUpOnAJobManagerThatSaysNothing() {
        jobManager.answering("GET /jobs/a/savepoints/b", WORKING);
        assertThatThrownBy(() -> requests.stop("a", _ -> jobManager.close()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("has said nothing of '/jobs/a/savepoints/b' for 0 s");
    }

    @Test
    void endsAJobAtItsLastCheckpoint() throws Exception {
        jobManager
                .answering("GET /jobs/a/checkpoints", CHECKPOINT)
                .answering("PATCH /jobs/a?mode=cancel", "{}")
                .answering("GET /jobs/a", "{\"state\": \"CANCELLING\"}", "{\"state\": \"CANCELED\"}");
        assertThat(requests.stopAtCheckpoint("a", waited::add)).isEqualTo("file:/chk-7");
        assertThat(waited).hasSize(1);
    }

    @Test
    void leavesAJobWithoutACheckpointAlone() {
        jobManager.answering("GET /jobs/a/checkpoints", "{}");
        assertThatThrownBy(() -> requests.stopAtCheckpoint("a", waited::add))
                .hasMessageContaining("Job a has no complete checkpoint to go on from");
    }

    @Test
    void saysThatAJobHasEndedByItself() {
        jobManager
                .answering("GET /jobs/a/checkpoints", CHECKPOINT)
                .answering("PATCH /jobs/a?mode=cancel", "{}")
                .answering("GET /jobs/a", "{\"state\": \"RUNNING\"}", "{\"state\": \"FINISHED\"}");
        assertThatThrownBy(() -> requests.stopAtCheckpoint("a", waited::add))
                .hasMessageContaining("Job a has come to its own end meanwhile, FINISHED.");
    }
}
