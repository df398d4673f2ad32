package org.flinkllama.jobs.cli.job;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.local.Restore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How a job from topics to topics is run.
public final class RunArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--create-topics", description = "Create the topics that are missing.")
    private boolean createTopics;

    @Mixin
    private ExecutionArguments execution;

    @Option(
            names = "--job-name",
            paramLabel = "NAME",
            description = "Tells this job from others; letters, digits and . _ -. Default: made of the topics' names.")
    private String jobName;

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "FOLDER",
            description = "Folder for the checkpoints of jobs that run in this process. Default: flink-llama/jobs in"
                    + " $XDG_STATE_HOME or ~/.local/state.")
    private Path checkpointFolder;

    @Option(
            names = "--restore",
            paramLabel = "WHAT",
            defaultValue = "auto",
            description = "auto goes on from the last checkpoint of an earlier run, none begins anew, a path is the"
                    + " checkpoint or savepoint to begin from. On a cluster, a path alone does anything, and Flink goes on by"
                    + " itself. Default: ${DEFAULT-VALUE}.")
    private String restore;

    @Option(names = "--quiet", description = "Don't say how far the job is.")
    private boolean quiet;

    public boolean createTopics() {
        return createTopics;
    }

    public ExecutionArguments execution() {
        return execution;
    }

    /// The job's name.
    ///
    /// @param otherwise where the user gives none; signs that a name can't have become dashes
    public String jobName(String otherwise) {
        String name = jobName == null ? otherwise.replaceAll("[^A-Za-z0-9._-]", "-") : jobName;
        if (!name.matches("[A-Za-z0-9._-]{1,150}")) {
            throw Usage.mistake(
                    command,
                    "Option 'job-name' is '" + name + "'; expected 1 to 150 letters, digits, '.', '_' or '-'.");
        }
        return name;
    }

    /// Folder of all jobs that run in processes such as this.
    public Path checkpointFolder() {
        if (checkpointFolder != null) {
            return checkpointFolder;
        }
        String state = System.getenv("XDG_STATE_HOME");
        Path root = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return root.resolve("flink-llama").resolve("jobs");
    }

    /// What a job on a cluster begins from, which can lie in any file system that Flink knows; empty where Flink
    /// goes on by itself.
    public Optional<String> savepoint() {
        return Optional.of(restore).filter(words -> Restore.of(words) instanceof Restore.From);
    }

    public Restore restore() {
        return Restore.of(restore);
    }

    /// Where it is said how far the job is: `err`, or nowhere.
    public PrintWriter progress(PrintWriter err) {
        return quiet ? new PrintWriter(Writer.nullWriter()) : err;
    }
}
