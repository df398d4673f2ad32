package org.flinkllama.jobs.cli.job;

import java.time.Duration;
import org.flinkllama.jobs.cli.arguments.TimeConverter;
import org.flinkllama.jobs.cli.arguments.Usage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What Flink is told of every job.
public final class ExecutionArguments {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Subtasks of each operator, which share the threads. Default: ${DEFAULT-VALUE}, the fastest on"
                            + " one machine.")
    private int parallelism;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TimeConverter.class,
            description = "Time between checkpoints: results become visible with each, and a killed run computes again"
                    + " what came after. 100ms or more, default ${DEFAULT-VALUE}.")
    private Duration checkpointInterval;

    /// Subtasks of each operator, 1 or more.
    public int parallelism() {
        if (parallelism < 1) {
            throw Usage.mistake(command, "Option 'parallelism' is " + parallelism + "; expected 1 or more.");
        }
        return parallelism;
    }

    public Duration checkpointInterval() {
        if (checkpointInterval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw Usage.mistake(
                    command,
                    "Option 'checkpoint-interval' is " + checkpointInterval.toMillis() + "ms; expected 100ms or more.");
        }
        return checkpointInterval;
    }
}
