package org.flinkllama.jobs.cli.backfill;

import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.flinkllama.jobs.backfill.BackfillException;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Model.CommandSpec;

/// Hands a backfill to the environment that Flink gives. Where checkpoints lie and what follows a failure is the
/// cluster's to say.
final class ClusterBackfill implements BackfillRun {
    @Override
    public void check(Options options, CommandSpec command) {
        if (options.restart()) {
            throw Usage.mistake(
                    command,
                    "Option --restart is for a backfill in a process of its own; on a cluster give another --output,"
                            + " or delete what is there.");
        }
        if (options.work().isPresent()) {
            throw Usage.mistake(
                    command,
                    "Option --work-dir is for a backfill in a process of its own; a cluster keeps checkpoints in its"
                            + " 'execution.checkpointing.dir'.");
        }
    }

    @Override
    public ReplicaOptions replica(ModelArguments model, int subtasks) {
        return model.replica();
    }

    @Override
    public void run(Order order, Job maker) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.configure(configuration(order.options()));
        environment.setParallelism(order.options().parallelism());
        BackfillJob job = maker.of(Optional.empty()).job();
        if (job.input().size() == 0) {
            throw new BackfillException("The input is empty: there is nothing to enrich.");
        }
        if (begins(environment.getConfiguration())) {
            order.folder().map(OutputClaims::new).ifPresent(OutputClaims::requireNew);
        }
        job.buildForCluster(environment);
        environment.execute(order.name());
    }

    private static Configuration configuration(Options options) {
        Configuration configuration = EnrichmentJob.configuration(options.checkpointInterval());
        options.restore().ifPresent(path -> configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, path));
        return configuration;
    }

    /// Whether the job is known to begin anew. A new JobManager may run this program again for a job that goes on
    /// from what it finds; whether it does, the job's tasks see.
    private static boolean begins(ReadableConfig configuration) {
        return configuration.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isEmpty()
                && !HighAvailabilityMode.isHighAvailabilityModeActivated(Configuration.fromMap(configuration.toMap()));
    }
}
