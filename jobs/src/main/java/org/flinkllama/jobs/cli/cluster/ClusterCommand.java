package org.flinkllama.jobs.cli.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Commands about a cluster on this machine.
@Command(
        name = "cluster",
        header = "A Flink cluster of separate processes on this machine: start it, submit jobs, end it.",
        description = {
            "%nA JobManager and TaskManagers, each a Java process of its own that goes on when the command has ended. Jobs"
                    + " come as the jar that any Flink 2.3 cluster takes.",
            "%nExamples:",
            "  flink-llama cluster up --task-managers 2 --slots 2",
            "  flink-llama cluster submit enrich --bootstrap-servers kafka:9092 \\",
            "    --input documents --output enrichments --dead-letters refused \\",
            "    --parallelism 2",
            "  flink-llama cluster submit backfill --input archive/ --output enriched/ \\",
            "    --parallelism 2",
            "  flink-llama cluster status",
            "  flink-llama cluster stop 5e6b5c4bd7a3e6ad3d7d3a01c7e6a4c2",
            "  flink-llama cluster down"
        },
        subcommands = {UpCommand.class, SubmitCommand.class, StatusCommand.class, StopCommand.class, DownCommand.class})
public final class ClusterCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
