package org.flinkllama.jobs.cli.cluster;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cluster.ClusterOptions;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts the processes, which stay when the command has ended.
@Command(name = "up", header = "Start a JobManager and TaskManagers and wait until jobs can run.")
final class UpCommand implements Callable<Integer> {
    // Of ZooKeeper, which this cluster does without.
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterFolder folder;

    @Option(
            names = "--task-managers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Processes that compute; each maps the model for itself. Default: ${DEFAULT-VALUE}.")
    private int taskManagers;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "1",
            description = "Slots of each TaskManager; a job's --parallelism can be as much as all together. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int slots;

    @Option(
            names = "--task-manager-memory",
            paramLabel = "MIB",
            defaultValue = "1024",
            description =
                    "Memory of each TaskManager's process but for model files, in MiB. Default: ${DEFAULT-VALUE}.")
    private int memory;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8081",
            description = "Port of the web UI and of REST. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        ClusterOptions options = Usage.checked(
                command, () -> new ClusterOptions(folder.path(), taskManagers, slots, memory, SESSION_TIMEOUT));
        StandingCluster cluster = StandingCluster.up(options, port);
        PrintWriter out = command.commandLine().getOut();
        out.println("Web UI  " + cluster.address());
        out.println("Slots   " + taskManagers * slots);
        out.println("Folder  " + folder.path());
        return 0;
    }
}
