package org.flinkllama.jobs.local;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// A job that runs in this process, with a Flink of its own that ends with it.
public final class LocalJob implements AutoCloseable {
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(20);

    private final JobClient client;
    private final CompletableFuture<JobExecutionResult> result;

    LocalJob(JobClient client) {
        this.client = client;
        this.result = client.getJobExecutionResult();
    }

    /// Starts the topology in `environment`, which must be a local one.
    public static LocalJob start(StreamExecutionEnvironment environment, String name) {
        try {
            return new LocalJob(environment.executeAsync(name));
        } catch (Exception e) {
            throw new JobFailedException(e);
        }
    }

    /// By which Flink knows the job.
    public JobID id() {
        return client.getJobID();
    }

    /// Waits for the job's end.
    ///
    /// @return false where `patience` was over before
    /// @throws JobFailedException if the job ended by a failure
    public boolean ended(Duration patience) throws InterruptedException {
        try {
            result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new JobFailedException(e.getCause());
        }
    }

    /// The job's counters, a few seconds old while it runs; empty before.
    public Map<String, Object> counters() throws InterruptedException {
        try {
            if (result.isDone()) {
                return result.get().getAllAccumulatorResults();
            }
            return client.getAccumulators().get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            return Map.of();
        }
    }

    /// Cancels the job where it still runs, and waits until Flink is gone.
    @Override
    public void close() {
        if (result.isDone()) {
            return;
        }
        cancel();
        try {
            result.get(CANCEL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Cancelled jobs end exceptionally, and one that does not end is left to the end of the process.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel() {
        try {
            client.cancel();
        } catch (IllegalStateException gone) {
            // The job came to its own end a moment ago, and its Flink with it.
        }
    }
}
