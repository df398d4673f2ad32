package org.flinkllama.jobs.cli.cluster;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.backfill.BackfillProgress;
import org.flinkllama.jobs.cluster.ClusterException;
import org.flinkllama.jobs.cluster.standing.JobRequests;
import org.flinkllama.jobs.cluster.standing.Member;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What the cluster has; exit code 1 where the JobManager does not answer.
@Command(name = "status", header = "Say which processes, slots and jobs the cluster has.")
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterFolder folder;

    @Override
    public Integer call() throws InterruptedException {
        StandingCluster cluster = folder.cluster();
        PrintWriter out = command.commandLine().getOut();
        out.println("Web UI  " + cluster.address());
        for (Member member : cluster.members()) {
            out.printf("%-16s process %d, %s%n", member.name(), member.pid(), member.alive() ? "alive" : "ended");
        }
        StandingCluster.Slots slots = cluster.slots()
                .orElseThrow(() -> new ClusterException("The JobManager at " + cluster.address()
                        + " does not answer; its log is in '" + folder.path().resolve("logs") + "'."));
        out.println("Slots   " + slots.total() + ", free " + slots.free());
        try (JobRequests requests = cluster.requests()) {
            for (JobRequests.Job job : requests.jobs()) {
                out.println("Job     " + job.id() + " " + job.state() + " " + job.name());
                BackfillProgress.of(requests.counters(job.id())).ifPresent(far -> out.println("        " + far));
            }
        }
        return 0;
    }
}
