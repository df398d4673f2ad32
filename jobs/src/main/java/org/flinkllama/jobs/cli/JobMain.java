package org.flinkllama.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.flinkllama.jobs.cli.backfill.BackfillCommand;
import org.flinkllama.operators.replica.VectorModule;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Entry of the job's jar: the commands that start a job, with the options that they have at the command line, run
/// by Flink's client, by a JobManager that was sent the jar, or by an application cluster. The job goes to the
/// environment that Flink gives.
@Command(
        name = "flink-llama-job.jar",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        subcommands = {EnrichCommand.class, ConverseCommand.class})
public final class JobMain implements Runnable {
    private static final String USUAL_COMMAND = "enrich";

    @Spec
    private CommandSpec command;

    /// Starts a job.
    ///
    /// @param arguments `enrich`, `converse` or `backfill` and its options; options alone are those of `enrich`
    /// @throws JobNotStartedException for any reason: the process is Flink's own, which goes on and says why
    public static void main(String[] arguments) {
        StringWriter said = new StringWriter();
        PrintWriter err = new PrintWriter(said, true);
        int code = commandLine(new PrintWriter(System.out, true), err).execute(completed(arguments));
        if (code != CommandLine.ExitCode.OK) {
            throw new JobNotStartedException(said.toString().strip());
        }
        System.err.print(said);
    }

    /// The commands, printing to `out` and `err`.
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return FailureReport.reportedBy(new CommandLine(new JobMain()).addSubcommand(BackfillCommand.forCluster()))
                .setOut(out)
                .setErr(err)
                .setExecutionStrategy(parsed -> {
                    if (parsed.hasSubcommand()
                            && !parsed.subcommand().isUsageHelpRequested()
                            && !parsed.subcommand().isVersionHelpRequested()) {
                        VectorModule.require();
                    }
                    return new CommandLine.RunLast().execute(parsed);
                });
    }

    /// Whether a command was started through this entry, and its job is for the environment that Flink gives.
    static boolean started(CommandSpec command) {
        return command.root().userObject() instanceof JobMain;
    }

    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }

    private static String[] completed(String[] arguments) {
        boolean optionsAlone = arguments.length > 0
                && arguments[0].startsWith("-")
                && Stream.of("--help", "-h", "--version", "-V").noneMatch(arguments[0]::equals);
        return optionsAlone
                ? Stream.concat(Stream.of(USUAL_COMMAND), Stream.of(arguments)).toArray(String[]::new)
                : arguments;
    }
}
