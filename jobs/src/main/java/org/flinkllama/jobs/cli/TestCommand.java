package org.flinkllama.jobs.cli;

import java.util.List;
import org.flinkllama.jobs.cli.arguments.Usage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Stands in the help; the script runs the tests, because they begin with a build.
@Command(
        name = "test",
        header = "Build everything and run all tests.",
        description = {
            "%nRuns the unit tests, then the integration tests against a real broker and a Flink in one process or in"
                    + " several. Arguments are passed on to Maven.",
            "%nWith --faults, runs one test instead: for ten minutes, or as many as -Dfaults.minutes says, it kills"
                    + " TaskManagers, JobManager and broker, takes the checkpoints' storage away and rescales the job, for"
                    + " enrichment and for conversations, at random moments in mid-generation, and prints a table of what"
                    + " readers saw. -Dfaults.seed draws the moments of an earlier run again.",
            "%nExamples:",
            "  flink-llama test",
            "  flink-llama test -pl model",
            "  flink-llama test --faults -Dfaults.minutes=30"
        })
final class TestCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Option(names = "--faults", description = "Run the fault suite. Must stand first.")
    private boolean faults;

    @Parameters(paramLabel = "MAVEN-ARGUMENT", description = "Passed on to Maven.")
    private List<String> arguments = List.of();

    @Override
    public void run() {
        throw Usage.mistake(command, "The tests are run by the script ./flink-llama in the project's folder.");
    }
}
