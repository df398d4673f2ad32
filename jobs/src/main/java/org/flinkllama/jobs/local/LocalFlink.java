package org.flinkllama.jobs.local;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;

/// Settings of a Flink inside this process: small buffers, loopback only. Settings of the job itself are its own.
public final class LocalFlink {
    private static final int USUAL_WEB_PORT = 8081;

    private final Configuration configuration;

    /// @param job         settings of the job
    /// @param parallelism subtasks of each operator
    public LocalFlink(Configuration job, int parallelism) {
        configuration = new Configuration(job);
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(8));
        configuration.set(JobManagerOptions.ADDRESS, Loopback.HOST);
        configuration.set(RestOptions.ADDRESS, Loopback.HOST);
        configuration.set(RestOptions.BIND_ADDRESS, Loopback.HOST);
        configuration.set(RestOptions.BIND_PORT, "0");
        // Counters travel with heartbeats. All is one process, so that a late heartbeat means a busy machine.
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(2));
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofMinutes(5));
    }

    /// Keeps checkpoints in `folder`, directly: `folder/chk-N`.
    public LocalFlink withCheckpoints(Path folder) {
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.toAbsolutePath().toUri().toString());
        configuration.set(CheckpointingOptions.CREATE_CHECKPOINT_SUB_DIR, false);
        return this;
    }

    /// Goes on from a checkpoint, which belongs to this run from now on and is deleted when a newer one is
    /// complete.
    public LocalFlink goingOnFrom(Path checkpoint) {
        configuration.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        configuration.set(
                StateRecoveryOptions.SAVEPOINT_PATH,
                checkpoint.toAbsolutePath().toUri().toString());
        return this;
    }

    /// Begins from a checkpoint or savepoint that stays the user's own.
    public LocalFlink beginningFrom(Path checkpoint) {
        goingOnFrom(checkpoint);
        configuration.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.NO_CLAIM);
        return this;
    }

    /// Ends the job at its first failure.
    public LocalFlink withoutRestarts() {
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return this;
    }

    /// Restarts after a failure, later each time, and gives up after ten in a row.
    public LocalFlink withRestarts() {
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 10);
        return this;
    }

    /// Serves Flink's web UI to this machine, at its usual port where that is free.
    ///
    /// @return the address of the web UI
    public String openWebUi() {
        int port = Loopback.isFree(USUAL_WEB_PORT)
                ? USUAL_WEB_PORT
                : Loopback.freePorts(1).getFirst();
        configuration.set(RestOptions.PORT, port);
        configuration.set(RestOptions.BIND_PORT, Integer.toString(port));
        return "http://" + Loopback.HOST + ":" + port;
    }

    public Configuration configuration() {
        return new Configuration(configuration);
    }
}
