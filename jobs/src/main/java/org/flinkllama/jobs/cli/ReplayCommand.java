package org.flinkllama.jobs.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.job.KafkaArguments;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.replay.DeadLetterReplay;
import org.flinkllama.jobs.kafka.replay.ReplayOptions;
import org.flinkllama.jobs.kafka.replay.ReplayTally;
import org.flinkllama.jobs.kafka.replay.ReplayTally.Verdict;
import org.flinkllama.jobs.names.NearestName;
import org.flinkllama.schemas.v1.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Dead letters back to where they came from.
@Command(
        name = "replay",
        header = "Send dead letters back to the topic they came from, each once.",
        customSynopsis = "flink-llama replay --bootstrap-servers=HOST:PORT --dead-letters=TOPIC [OPTIONS]",
        description = {
            "%nReads the dead letters of a topic and sends each record as it once came, key, value and headers, back to"
                    + " its topic. Ends with the last one that is there at the start. A consumer group remembers how"
                    + " far it came, in the transaction that sends the records: killed or run again, it sends none"
                    + " twice.",
            "%nExamples:",
            "  flink-llama replay -b kafka:9092 --dead-letters refused --stage inference",
            "  flink-llama replay -b kafka:9092 --dead-letters refused --to documents-2"
        })
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaArguments kafka;

    @Option(names = "--dead-letters", paramLabel = "TOPIC", required = true, description = "Topic of the dead letters.")
    private String deadLetters;

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description = "Topic they are sent to. Default: the one that each came from.")
    private String target;

    @Option(
            names = "--stage",
            paramLabel = "STAGE[,STAGE...]",
            split = ",",
            description = "Only those refused there: decode, validate, prompt, inference. Default: all.")
    private List<String> stages = List.of();

    @Option(
            names = "--max-replays",
            paramLabel = "N",
            defaultValue = "3",
            description = "Times that one record is sent back at most. Default: ${DEFAULT-VALUE}.")
    private int maxReplays;

    @Option(
            names = "--group-id",
            paramLabel = "GROUP",
            description = "Consumer group that remembers how far replays came; another name begins anew. Default: made"
                    + " of the topic and the stages.")
    private String groupId;

    @Override
    public Integer call() throws InterruptedException {
        KafkaConnection connection = kafka.connection();
        ReplayOptions options = options();
        try (KafkaCluster cluster = KafkaCluster.connect(connection)) {
            cluster.requireTopics(Stream.concat(Stream.of(deadLetters), options.target().stream())
                    .toList());
        }
        ReplayTally tally;
        try (DeadLetterReplay replay = new DeadLetterReplay(connection, options)) {
            tally = replay.run();
        }
        PrintWriter out = command.commandLine().getOut();
        out.println("Dead letters of '" + deadLetters + "': " + tally.sentence() + ".");
        if (tally.count(Verdict.EXHAUSTED) > 0) {
            out.println("Raise --max-replays to send those again, with another --group-id to look at them again.");
        }
        return 0;
    }

    private ReplayOptions options() {
        if (maxReplays < 1) {
            throw Usage.mistake(command, "Option 'max-replays' is " + maxReplays + "; expected 1 or more.");
        }
        Set<String> chosen = new TreeSet<>();
        for (String stage : stages) {
            chosen.add(known(stage.strip().toUpperCase(Locale.ROOT)));
        }
        String group = groupId == null ? ReplayOptions.groupId(deadLetters, chosen) : groupId;
        return new ReplayOptions(deadLetters, Optional.ofNullable(target), chosen, maxReplays, group);
    }

    private String known(String stage) {
        Set<String> names = Stream.of(Stage.values()).map(Stage::name).collect(Collectors.toCollection(TreeSet::new));
        names.remove(Stage.UNKNOWN.name());
        if (names.contains(stage)) {
            return stage;
        }
        String advice = NearestName.of(stage, names)
                .map(near -> " Did you mean '" + near.toLowerCase(Locale.ROOT) + "'?")
                .orElse("");
        throw Usage.mistake(
                command,
                "Option 'stage' is '" + stage.toLowerCase(Locale.ROOT) + "'; expected some of "
                        + String.join(", ", names).toLowerCase(Locale.ROOT) + "." + advice);
    }
}
