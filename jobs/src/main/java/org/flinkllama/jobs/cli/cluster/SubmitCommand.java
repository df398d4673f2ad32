package org.flinkllama.jobs.cli.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.flinkllama.jobs.cli.arguments.ModelLocationConverter;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.backfill.FileAddressConverter;
import org.flinkllama.jobs.cluster.standing.JobRequests;
import org.flinkllama.operators.replica.ModelLocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Sends the job's jar with a command's words, as they would be typed without a cluster.
@Command(
        name = "submit",
        header = "Start enrich, converse or backfill on the cluster.",
        customSynopsis = "flink-llama cluster submit [--dir=FOLDER] [--jar=FILE] enrich|converse|backfill OPTIONS…")
final class SubmitCommand implements Callable<Integer> {
    private static final Set<String> JOBS = Set.of("enrich", "converse", "backfill");

    private CommandSpec command;

    @Mixin
    private ClusterFolder folder;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            defaultValue = "${sys:flinkllama.job.jar:-jobs/target/flink-llama-job.jar}",
            description = "The job's jar. Default: the one that was built with this command.")
    private Path jar;

    @Parameters(
            arity = "1..*",
            paramLabel = "WORD",
            description = "enrich, converse or backfill and its options; see their own --help.")
    private List<String> words;

    /// The options behind the job's name are the job's.
    @Spec
    void setCommand(CommandSpec command) {
        this.command = command;
        command.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, CommandLine> commands = command.root().subcommands();
        if (!JOBS.contains(words.getFirst())) {
            throw Usage.mistake(
                    command,
                    "'" + words.getFirst() + "' is no job; expected enrich, converse or backfill, with its options.");
        }
        CommandLine job = commands.get(words.getFirst());
        List<String> options = words.subList(1, words.size());
        CommandLine.ParseResult parsed = job.parseArgs(options.toArray(String[]::new));
        if (CommandLine.executeHelpRequest(parsed) != null) {
            return 0;
        }
        List<String> arguments = new ArrayList<>(List.of(words.getFirst()));
        arguments.addAll(withAbsolutePaths(options, job.getCommandSpec()));
        try (JobRequests requests = folder.cluster().requests()) {
            String id = requests.start(jar.toAbsolutePath(), arguments);
            command.commandLine().getOut().println("Job     " + id);
        }
        return 0;
    }

    /// The processes that read the options' files run in a folder of their own.
    static List<String> withAbsolutePaths(List<String> options, CommandSpec job) {
        List<String> absolute = new ArrayList<>();
        Optional<UnaryOperator<String>> awaited = Optional.empty(); // for the value of the word before
        for (String word : options) {
            int sign = word.indexOf('=');
            String name = sign < 0 ? word : word.substring(0, sign);
            Optional<UnaryOperator<String>> named = awaited.isPresent() ? Optional.empty() : path(job.findOption(name));
            if (awaited.isPresent()) {
                absolute.add(awaited.get().apply(word));
            } else if (named.isPresent() && sign >= 0) {
                absolute.add(name + "=" + named.get().apply(word.substring(sign + 1)));
            } else {
                absolute.add(word);
            }
            awaited = sign < 0 ? named : Optional.empty();
        }
        return absolute;
    }

    /// What makes an absolute path of an option's value; nothing where the option takes none.
    private static Optional<UnaryOperator<String>> path(OptionSpec option) {
        if (option != null && option.type() == Path.class) {
            return Optional.of(path -> Path.of(path).toAbsolutePath().toString());
        }
        if (option != null && option.type() == ModelLocation.class) {
            return Optional.of(new ModelLocationConverter()::absolute);
        }
        return option != null && Stream.of(option.converters()).anyMatch(FileAddressConverter.class::isInstance)
                ? Optional.of(new FileAddressConverter()::convert)
                : Optional.empty();
    }
}
