package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.flinkllama.jobs.local.Loopback;

/// Settings of Flink's own processes, as the files and arguments that they are started with.
///
/// @param options   what the cluster is made of
/// @param zooKeeper host and port of ZooKeeper, where a JobManager is to take over from another
/// @param restPort  of the JobManager, the same for each that follows another
/// @param rpcPort   at which TaskManagers reach a JobManager that ZooKeeper does not tell them of
public record ProcessSettings(ClusterOptions options, Optional<String> zooKeeper, int restPort, int rpcPort) {
    // Flink's own scripts would set them by the processes' memory.
    private static final String JOB_MANAGER_HEAP = "-Xmx320m";

    /// Runs jobs that are submitted to it, and finds those of the JobManager before it.
    public JavaCommand jobManager(String name) {
        List<String> jvm = new ArrayList<>(JavaCommand.COORDINATOR);
        jvm.add(JOB_MANAGER_HEAP);
        return new JavaCommand(
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                jvm,
                List.of("--configDir", write(name, everywhere()).toString()));
    }

    /// Offers its slots to the JobManager.
    public JavaCommand taskManager(String name) {
        Configuration configuration = everywhere();
        configuration.set(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID, name);
        // A TaskManager takes its memory as it is told, in parts; Flink's scripts work them out in the same way.
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        ConfigurationUtils.parseTmResourceDynamicConfigs(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory))
                .forEach(configuration::setString);
        List<String> jvm = new ArrayList<>(List.of("-XX:+UseParallelGC"));
        jvm.addAll(List.of(
                ProcessMemoryUtils.generateJvmParametersStr(memory).trim().split("\\s+")));
        return new JavaCommand(
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                jvm,
                List.of("--configDir", write(name, configuration).toString()));
    }

    private Configuration everywhere() {
        Configuration configuration = new Configuration();
        listenOnLoopback(configuration);
        keepStateInFolder(configuration);
        zooKeeper.ifPresentOrElse(
                address -> recoverThroughZooKeeper(configuration, address),
                () -> configuration.set(JobManagerOptions.PORT, rpcPort));
        divideMemory(configuration);
        offerMetrics(configuration);
        configuration.set(CoreOptions.TMP_DIRS, options.folder().resolve("tmp").toString());
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, options.slots());
        // One slot after the other would leave a TaskManager idle beside a full one.
        configuration.set(
                TaskManagerOptions.TASK_MANAGER_LOAD_BALANCE_MODE, TaskManagerOptions.TaskManagerLoadBalanceMode.SLOTS);
        // A full buffer holds more documents than are worked on in minutes, and a savepoint overtakes none of them.
        configuration.set(TaskManagerOptions.BUFFER_DEBLOAT_ENABLED, true);
        // A connection that is refused tells of a death within two beats; the time-out stays long, because a busy
        // machine makes beats late.
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(1));
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(50));
        configuration.set(RpcOptions.STARTUP_TIMEOUT, Duration.ofSeconds(100));
        return configuration;
    }

    /// Each process offers its metrics to Prometheus at the first of these ports that is free.
    private static void offerMetrics(Configuration configuration) {
        configuration.setString("metrics.reporters", "prom");
        configuration.setString(
                "metrics.reporter.prom.factory.class", "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        configuration.setString("metrics.reporter.prom.port", "9250-9299");
    }

    private void listenOnLoopback(Configuration configuration) {
        configuration.set(JobManagerOptions.ADDRESS, Loopback.HOST);
        configuration.set(JobManagerOptions.BIND_HOST, Loopback.HOST);
        configuration.set(TaskManagerOptions.HOST, Loopback.HOST);
        configuration.set(TaskManagerOptions.BIND_HOST, Loopback.HOST);
        configuration.set(RestOptions.ADDRESS, Loopback.HOST);
        configuration.set(RestOptions.BIND_ADDRESS, Loopback.HOST);
        configuration.set(RestOptions.PORT, restPort);
        configuration.set(RestOptions.BIND_PORT, Integer.toString(restPort));
        configuration.set(BlobServerOptions.PORT, "0");
        configuration.set(
                WebOptions.UPLOAD_DIR, options.folder().resolve("uploads").toString());
        // What is shown is asked for while faults happen, and shall not be seconds old.
        configuration.set(RestOptions.CACHE_EXECUTION_GRAPH_TIMEOUT, Duration.ofMillis(500));
        // The last checkpoint of a job that was just ended is what it goes on from: the one before is deleted.
        configuration.set(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT, Duration.ZERO);
        configuration.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(500));
        // Nobody's counters are asked for again before all have answered, or this time is over: a TaskManager that is
        // killed with a question on its way never does.
        configuration.set(WebOptions.TIMEOUT, Duration.ofSeconds(20));
    }

    private void keepStateInFolder(Configuration configuration) {
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri("checkpoints"));
        configuration.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri("savepoints"));
    }

    private void recoverThroughZooKeeper(Configuration configuration, String address) {
        configuration.set(HighAvailabilityOptions.HA_MODE, "zookeeper");
        configuration.set(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, address);
        configuration.set(HighAvailabilityOptions.HA_CLUSTER_ID, "/flink-llama");
        configuration.set(HighAvailabilityOptions.HA_STORAGE_PATH, uri("recovery"));
        configuration.set(HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT, options.sessionTimeout());
        configuration.set(HighAvailabilityOptions.ZOOKEEPER_CONNECTION_TIMEOUT, options.sessionTimeout());
        configuration.set(HighAvailabilityOptions.ZOOKEEPER_TOLERATE_SUSPENDED_CONNECTIONS, true);
        configuration.set(SecurityOptions.ZOOKEEPER_SASL_DISABLE, true);
    }

    /// Flink's defaults are for gigabytes. What these leave of the process goes to the tasks' heap, where the KV
    /// cache lies.
    private void divideMemory(Configuration configuration) {
        configuration.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.ofMebiBytes(options.memory()));
        configuration.set(
                TaskManagerOptions.JVM_METASPACE, MemorySize.ofMebiBytes(Math.max(112, options.memory() / 6)));
        configuration.set(TaskManagerOptions.JVM_OVERHEAD_MIN, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.JVM_OVERHEAD_MAX, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.FRAMEWORK_HEAP_MEMORY, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.FRAMEWORK_OFF_HEAP_MEMORY, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(8));
    }

    private String uri(String folder) {
        return options.folder().resolve(folder).toUri().toString();
    }

    private Path write(String name, Configuration configuration) {
        try {
            Files.createDirectories(options.folder().resolve("tmp"));
            Path folder =
                    Files.createDirectories(options.folder().resolve("settings").resolve(name));
            Files.write(
                    folder.resolve("config.yaml"),
                    ConfigurationUtils.convertConfigToWritableLines(configuration, true));
            return folder;
        } catch (IOException e) {
            throw new ClusterException("The settings of '" + name + "' can't be written: " + e.getMessage(), e);
        }
    }
}
