package org.flinkllama.jobs.cli.cluster;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cluster.standing.Member;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Ends the processes; it is no mistake that there are none.
@Command(name = "down", header = "End all processes of the cluster; jobs that run end without a savepoint.")
final class DownCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterFolder folder;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        List<Member> ended = List.of();
        Optional<StandingCluster> cluster = StandingCluster.find(folder.path());
        if (cluster.isPresent()) {
            ended = cluster.get().down();
        }
        ended.forEach(member -> out.println("Ended " + member.name() + ", process " + member.pid()));
        if (ended.isEmpty()) {
            out.println("No process of a cluster in " + folder.path());
        }
        return 0;
    }
}
