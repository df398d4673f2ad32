package org.flinkllama.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;

class LocalJobTest {
    @Test
    void closesAJobWhoseFlinkShutsDownAtThatMoment() {
        EndingJob client = new EndingJob();
        LocalJob job = new LocalJob(client);

        job.close();

        assertThat(client.asked).isTrue();
        assertThat(client.result).isCompleted();
    }

    /// Ends as it is cancelled, and says then what Flink says when its cluster is gone.
    private static final class EndingJob implements JobClient {
        private final CompletableFuture<JobExecutionResult> result = new CompletableFuture<>();
        private boolean asked;

        @Override
        public CompletableFuture<Void> cancel() {
            asked = true;
            result.complete(new JobExecutionResult(getJobID(), 1, Map.of()));
            throw new IllegalStateException("MiniCluster is not yet running or has already been shut down.");
        }

        @Override
        public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
            return result;
        }

        @Override
        public CompletableFuture<Map<String, Object>> getAccumulators() {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public JobID getJobID() {
            return new JobID(1, 2);
        }

        @Override
        public CompletableFuture<JobStatus> getJobStatus() {
            return CompletableFuture.completedFuture(JobStatus.RUNNING);
        }

        @Override
        public CompletableFuture<String> stopWithSavepoint(boolean drain, String folder, SavepointFormatType format) {
            throw new UnsupportedOperationException("Not asked for in this test.");
        }

        @Override
        public CompletableFuture<String> triggerSavepoint(String folder, SavepointFormatType format) {
            throw new UnsupportedOperationException("Not asked for in this test.");
        }
    }
}
