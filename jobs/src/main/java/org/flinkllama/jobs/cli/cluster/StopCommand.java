package org.flinkllama.jobs.cli.cluster;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.backfill.BackfillProgress;
import org.flinkllama.jobs.cluster.standing.JobRequests;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Ends a job with a savepoint.
@Command(name = "stop", header = "End a job with a savepoint, from which it can go on.")
final class StopCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterFolder folder;

    @Parameters(paramLabel = "JOB", description = "Id of the job, as submit and status print it.")
    private String job;

    @Option(
            names = "--at-checkpoint",
            description = "End it at once where its last checkpoint is, and compute again what came after that. A"
                    + " savepoint waits until all records on their way to the model were worked on.")
    private boolean atCheckpoint;

    @Override
    public Integer call() throws InterruptedException {
        try (JobRequests requests = folder.cluster().requests()) {
            JobRequests.Waiting waiting = time -> say(requests, time);
            String place = atCheckpoint ? requests.stopAtCheckpoint(job, waiting) : requests.stop(job, waiting);
            PrintWriter out = command.commandLine().getOut();
            out.println((atCheckpoint ? "Checkpoint " : "Savepoint  ") + place);
            out.println("Go on      flink-llama cluster submit … --restore " + place);
        }
        return 0;
    }

    private void say(JobRequests requests, Duration waited) throws InterruptedException {
        String far = BackfillProgress.of(requests.counters(job))
                .map(progress -> "; " + progress)
                .orElse("");
        PrintWriter err = command.commandLine().getErr();
        err.println("Waiting for " + waited.toSeconds() + " s until the job has ended" + far);
        err.flush();
    }
}
