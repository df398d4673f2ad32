package org.flinkllama.jobs.cli;

import java.util.List;
import org.flinkllama.jobs.cli.arguments.Usage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Stands in the help; the script runs the tests, because they begin with a build.
@Command(
        name = "test",
        header = "Build everything and run all tests.",
        description = {
            "%nRuns the unit tests, then the integration tests against a real broker and a Flink in one process."
                    + " Arguments are passed on to Maven.",
            "%nExamples:",
            "  flink-llama test",
            "  flink-llama test -pl model"
        })
final class TestCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "MAVEN-ARGUMENT", description = "Passed on to Maven.")
    private List<String> arguments = List.of();

    @Override
    public void run() {
        throw Usage.mistake(command, "The tests are run by the script ./flink-llama in the project's folder.");
    }
}
