package org.flinkllama.jobs.cluster.standing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.cluster.ClusterException;
import org.flinkllama.jobs.cluster.ClusterOptions;
import org.flinkllama.jobs.cluster.FlinkRest;
import org.flinkllama.jobs.cluster.JavaProcess;
import org.flinkllama.jobs.cluster.ProcessSettings;
import org.flinkllama.jobs.local.Loopback;

/// One JobManager and TaskManagers that go on running. Nobody starts a process again that died: `down` and `up` do.
public final class StandingCluster {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final Roster roster;

    private StandingCluster(Path folder, Roster roster) {
        this.folder = folder;
        this.roster = roster;
    }

    /// Starts a cluster and returns when its slots are there; what was started is ended where that fails.
    public static StandingCluster up(ClusterOptions options, int port) throws InterruptedException {
        Path folder = options.folder();
        find(folder).ifPresent(StandingCluster::refuseSecond);
        if (!Loopback.isFree(port)) {
            throw new ClusterException("Another process listens at port " + port + " of " + Loopback.HOST
                    + ". Give option 'port' another number, or end that process.");
        }
        Roster roster = new Roster(port, options.taskManagers() * options.slots(), List.of());
        boolean ready = false;
        try {
            ProcessSettings settings = new ProcessSettings(
                    options, Optional.empty(), port, Loopback.freePorts(1).getFirst());
            List<JavaProcess> processes = new ArrayList<>();
            for (int number = 0; number <= options.taskManagers(); number++) {
                processes.add(start(settings, folder, number));
                JavaProcess started = processes.getLast();
                roster = roster.with(Member.of(started.name(), started.pid()));
                roster.write(folder);
            }
            StandingCluster cluster = new StandingCluster(folder, roster);
            cluster.awaitSlots(processes);
            ready = true;
            return cluster;
        } finally {
            if (!ready) {
                end(folder, roster);
            }
        }
    }

    /// The cluster of a folder, where one was started that was not ended since.
    public static Optional<StandingCluster> find(Path folder) {
        Path absolute = folder.toAbsolutePath();
        return Roster.read(absolute).map(roster -> new StandingCluster(absolute, roster));
    }

    /// Ends all processes that still live, and no other; their logs, checkpoints and savepoints stay.
    ///
    /// @return those that were ended
    public List<Member> down() throws InterruptedException {
        return end(folder, roster);
    }

    /// Address of the web UI and of REST.
    public String address() {
        return "http://" + Loopback.HOST + ":" + roster.port();
    }

    /// Its processes, the JobManager first.
    public List<Member> members() {
        return roster.members();
    }

    /// What the JobManager says; empty where it does not answer.
    public Optional<Slots> slots() throws InterruptedException {
        try (FlinkRest rest = rest()) {
            return rest.get("/overview").map(Slots::of);
        }
    }

    /// @param total of all TaskManagers that are there
    /// @param free  without a task
    public record Slots(int total, int free) {
        private static Slots of(JsonNode overview) {
            return new Slots(
                    overview.path("slots-total").asInt(),
                    overview.path("slots-available").asInt());
        }
    }

    /// Speaks with the JobManager; the caller closes it.
    public JobRequests requests() {
        return new JobRequests(rest());
    }

    private void awaitSlots(List<JavaProcess> processes) throws InterruptedException {
        for (JavaProcess process : processes) {
            process.await(() -> complete() || othersEnded(processes, process), START_PATIENCE);
        }
    }

    private boolean complete() {
        try {
            return slots().map(slots -> slots.total() == roster.slots()).orElse(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Then the wait for that one says why.
    private static boolean othersEnded(List<JavaProcess> processes, JavaProcess one) {
        return processes.stream().anyMatch(process -> process != one && !process.alive());
    }

    private static JavaProcess start(ProcessSettings settings, Path folder, int number) {
        String name = number == 0 ? "jobmanager" : "taskmanager-" + number;
        Path log = folder.resolve("logs").resolve(name + ".log");
        return (number == 0 ? settings.jobManager(name) : settings.taskManager(name)).startDetached(name, log);
    }

    private static void refuseSecond(StandingCluster first) {
        List<Member> alive = first.roster.alive();
        if (!alive.isEmpty()) {
            throw new ClusterException("A cluster of folder '" + first.folder + "' is up, with " + alive.size()
                    + " processes, at " + first.address()
                    + ". End it with 'flink-llama cluster down', or give option 'dir' another folder.");
        }
    }

    private static List<Member> end(Path folder, Roster roster) throws InterruptedException {
        List<Member> alive = roster.alive();
        alive.forEach(Member::askToStop);
        for (Member member : alive) {
            member.awaitEnd(STOP_PATIENCE);
        }
        Roster.delete(folder);
        return alive;
    }

    private FlinkRest rest() {
        return new FlinkRest(roster.port());
    }
}
