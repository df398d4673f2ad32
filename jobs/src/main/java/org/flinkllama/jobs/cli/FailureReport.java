package org.flinkllama.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.util.FlinkException;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.file.ModuleMissingException;
import org.flinkllama.jobs.backfill.BackfillException;
import org.flinkllama.jobs.bench.speed.MeasurementException;
import org.flinkllama.jobs.broker.BrokerException;
import org.flinkllama.jobs.cli.model.InferenceException;
import org.flinkllama.jobs.cluster.ClusterException;
import org.flinkllama.jobs.kafka.KafkaEndpointException;
import org.flinkllama.jobs.local.JobFailedException;
import org.flinkllama.jobs.local.JobFolderException;
import org.flinkllama.jobs.names.NearestName;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.tokenizer.TokenizerException;
import org.flinkllama.operators.download.source.DownloadException;
import org.flinkllama.operators.format.registry.RegistryException;
import org.flinkllama.operators.replica.ReplicaException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in one sentence what went wrong. The trace is for those who ask for it.
final class FailureReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final String VERBOSE = "--verbose";

    /// The commands with failures as sentences, and what else all commands have in common.
    static CommandLine reportedBy(CommandLine commands) {
        FailureReport failures = new FailureReport();
        commands.getCommandSpec()
                .addOption(OptionSpec.builder(VERBOSE)
                        .scopeType(ScopeType.INHERIT)
                        .description("Print where in the program a failure came from.")
                        .build());
        return commands.setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + sentence(mistake, arguments));
        err.println("See '" + name + " --help'.");
        if (List.of(arguments).contains(VERBOSE)) {
            mistake.printStackTrace(err);
        }
        err.flush();
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        command.getOut().flush();
        err.println(command.getCommandSpec().qualifiedName() + ": " + sentence(failure));
        if (parsed.originalArgs().contains(VERBOSE)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }

    private static String sentence(ParameterException mistake, String[] arguments) {
        CommandSpec command = mistake.getCommandLine().getCommandSpec();
        return switch (mistake) {
            case UnmatchedArgumentException unmatched ->
                unknown(command, unmatched.getUnmatched().getFirst());
            // An option that is missing is often there and misspelt.
            case MissingParameterException missing ->
                Stream.of(arguments)
                        .dropWhile(argument -> !argument.equals(command.name()))
                        .map(argument -> argument.split("=", 2)[0])
                        .filter(argument -> argument.startsWith("--"))
                        .filter(argument -> !command.optionsMap().containsKey(argument))
                        .findFirst()
                        .map(argument -> unknown(command, argument))
                        .orElse(missing.getMessage());
            default -> mistake.getMessage();
        };
    }

    private static String unknown(CommandSpec command, String argument) {
        boolean option = argument.startsWith("-");
        Set<String> names =
                option ? command.optionsMap().keySet() : command.subcommands().keySet();
        String kind = option ? "Unknown option" : names.isEmpty() ? "Unexpected argument" : "Unknown command";
        return kind + " '" + argument + "'."
                + NearestName.of(argument.split("=", 2)[0], names)
                        .map(name -> " Did you mean '" + name + "'?")
                        .orElse("");
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case GgufException e -> e.getMessage();
            case TokenizerException e -> e.getMessage();
            case KafkaEndpointException e -> e.getMessage();
            case BrokerException e -> e.getMessage();
            case DownloadException e -> e.getMessage();
            case RegistryException e -> e.getMessage();
            case ClusterException e -> e.getMessage();
            case JobFolderException e -> e.getMessage();
            case ArchiveException e -> e.getMessage();
            case ModuleMissingException e -> e.getMessage();
            case BackfillException e -> e.getMessage();
            case InferenceException e -> e.getMessage();
            case MeasurementException e -> e.getMessage();
            case JobFailedException e -> e.getMessage();
            case ReplicaException e -> e.getMessage();
            case FlinkException e -> new JobFailedException(e).getMessage(); // says the last of many causes
            case UncheckedIOException e -> sentence(e.getCause());
            case NoSuchFileException e -> "The file '" + e.getFile() + "' does not exist; check its path.";
            case AccessDeniedException e -> "The file '" + e.getFile() + "' may not be opened; check its permissions.";
            case FileSystemException e -> "The file '" + e.getFile() + "' can't be used: " + e.getReason() + ".";
            case IOException e -> "Reading or writing failed: " + e.getMessage();
            case InterruptedException e -> "Stopped.";
            default ->
                "Unexpected failure, a fault of Flink Llama: " + failure
                        + ". Run the command again with --verbose and report what it prints.";
        };
    }
}
