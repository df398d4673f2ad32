package org.flinkllama.jobs.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.flinkllama.jobs.cli.backfill.BackfillCommand;
import org.flinkllama.jobs.cli.cluster.ClusterCommand;
import org.flinkllama.jobs.cli.model.GenerateCommand;
import org.flinkllama.jobs.cli.model.ModelCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// All commands. A cluster is given [JobMain] instead.
@Command(
        name = "flink-llama",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true,
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; the last line of standard error says why", "2:wrong use"},
        subcommands = {
            DemoCommand.class,
            EnrichCommand.class,
            BackfillCommand.class,
            ConverseCommand.class,
            ChatCommand.class,
            ReplayCommand.class,
            ClusterCommand.class,
            GenerateCommand.class,
            ModelCommand.class,
            BenchCommand.class,
            BuildCommand.class,
            TestCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec command;

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] arguments) {
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        Interruption interruption = Interruption.ofThisThread();
        int code = commandLine(out, err).execute(arguments);
        out.flush();
        err.flush();
        interruption.finished();
        System.exit(code);
    }

    /// The commands, printing to `out` and `err`.
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return FailureReport.reportedBy(new CommandLine(new Main())).setOut(out).setErr(err);
    }

    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }

    /// UTF-8 whatever the locale: a summary in Chinese must not become question marks.
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
