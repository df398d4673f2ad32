package org.flinkllama.jobs.cli;

import org.flinkllama.jobs.cli.arguments.Usage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Stands in the help; the script builds, because there is no program before.
@Command(
        name = "build",
        header = "Build what has changed, and run nothing.",
        description = {
            "%nEvery command builds what has changed before it runs. This one is for what the usual build leaves out.",
            "%nWith --parquet, backfill reads and writes Parquet from then on. Its libraries are about 30 MB to"
                    + " download and 10 MB to keep. To be without them again, delete jobs/parquet/target."
        })
final class BuildCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Option(names = "--parquet", description = "Build the module for Parquet, too.")
    private boolean parquet;

    @Override
    public void run() {
        throw Usage.mistake(command, "The script ./flink-llama in the project's folder builds.");
    }
}
