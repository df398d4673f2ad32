package org.flinkllama.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.local.Loopback;

/// Flink as it runs on a real cluster: a JobManager and TaskManagers in processes of their own, with ZooKeeper, by
/// which a new JobManager takes over the jobs of one that died.
///
/// Used by one thread. Nobody starts a process again but the owner.
public final class FlinkCluster implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final ClusterOptions options;
    private final ZooKeeperProcess zooKeeper;
    private final ProcessSettings settings;
    private final FlinkRest rest;
    private final List<JavaProcess> taskManagers = new ArrayList<>();
    private JavaProcess jobManager;
    private int starts;

    private FlinkCluster(ClusterOptions options, ZooKeeperProcess zooKeeper, int restPort) {
        this.options = options;
        this.zooKeeper = zooKeeper;
        this.settings = new ProcessSettings(options, Optional.of(zooKeeper.address()), restPort, 0);
        this.rest = new FlinkRest(restPort);
    }

    /// Starts all processes. They are on their way when this returns: [#awaitReady] says when jobs can run.
    public static FlinkCluster launch(ClusterOptions options) {
        ZooKeeperProcess zooKeeper;
        try {
            zooKeeper = ZooKeeperProcess.launch(options.folder().resolve("zookeeper"));
        } catch (IOException e) {
            throw new ClusterException(
                    "The folder '" + options.folder() + "' can't be written (" + e.getMessage()
                            + "). Give the cluster another.",
                    e);
        }
        FlinkCluster cluster =
                new FlinkCluster(options, zooKeeper, Loopback.freePorts(1).getFirst());
        cluster.startJobManager();
        for (int number = 0; number < options.taskManagers(); number++) {
            cluster.startTaskManager();
        }
        return cluster;
    }

    /// Waits until the JobManager leads and has all slots of the TaskManagers that live.
    public void awaitReady() throws InterruptedException {
        zooKeeper.awaitReady(START_PATIENCE);
        int slots = options.slots()
                * (int) taskManagers.stream().filter(JavaProcess::alive).count();
        jobManager.await(() -> status().map(status -> status.slots() == slots).orElse(false), START_PATIENCE);
    }

    /// What the JobManager says; empty while none leads.
    public Optional<Status> status() {
        try {
            return rest.get("/overview").map(Status::of);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// @param taskManagers that are registered
    /// @param slots        of all of them
    /// @param freeSlots    slots without a task
    /// @param jobsRunning  jobs that are not at their end
    public record Status(int taskManagers, int slots, int freeSlots, int jobsRunning) {
        private static Status of(JsonNode overview) {
            return new Status(
                    overview.path("taskmanagers").asInt(),
                    overview.path("slots-total").asInt(),
                    overview.path("slots-available").asInt(),
                    overview.path("jobs-running").asInt());
        }
    }

    /// Address of the web UI and of REST.
    public String address() {
        return rest.address();
    }

    public JavaProcess jobManager() {
        return jobManager;
    }

    /// Starts a JobManager, which takes over what the one before it had when ZooKeeper has given that one up.
    public JavaProcess startJobManager() {
        String name = "jobmanager-" + ++starts;
        jobManager = settings.jobManager(name).start(name, options.folder().resolve(name + ".log"));
        return jobManager;
    }

    /// Those that were started, dead ones included.
    public List<JavaProcess> taskManagers() {
        return List.copyOf(taskManagers);
    }

    public JavaProcess startTaskManager() {
        String name = "taskmanager-" + ++starts;
        JavaProcess process =
                settings.taskManager(name).start(name, options.folder().resolve(name + ".log"));
        taskManagers.add(process);
        return process;
    }

    /// Submits a job whose classes are on this program's class path.
    ///
    /// @param configuration of the job; with a savepoint's path where it begins from one
    /// @param topology      adds the job's topology to an environment
    public ClusterJob submit(String name, Configuration configuration, Consumer<StreamExecutionEnvironment> topology) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment(Loopback.HOST, settings.restPort(), configuration);
        topology.accept(environment);
        try {
            return new ClusterJob(environment.executeAsync(name), rest);
        } catch (Exception e) {
            throw new ClusterException("The cluster at " + address() + " did not take job '" + name + "'.", e);
        }
    }

    /// Ends all processes.
    @Override
    public void close() {
        rest.close();
        List<JavaProcess> processes = new ArrayList<>(taskManagers);
        processes.add(jobManager);
        processes.forEach(JavaProcess::askToStop);
        for (JavaProcess process : processes) {
            process.awaitEnd(STOP_PATIENCE);
        }
        zooKeeper.process().awaitEnd(Duration.ZERO);
    }
}
