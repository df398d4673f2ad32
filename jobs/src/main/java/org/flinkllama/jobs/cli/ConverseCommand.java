package org.flinkllama.jobs.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.ConversationArguments;
import org.flinkllama.jobs.cli.arguments.EngineArguments;
import org.flinkllama.jobs.cli.arguments.InferenceArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.TimeConverter;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.job.KafkaArguments;
import org.flinkllama.jobs.cli.job.RegistryArguments;
import org.flinkllama.jobs.cli.job.RunArguments;
import org.flinkllama.jobs.converse.ConversationJob;
import org.flinkllama.jobs.converse.ConversationTopics;
import org.flinkllama.jobs.converse.TurnProgress;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.operators.converse.ConversationPlan;
import org.flinkllama.operators.converse.documents.DocumentLookup;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.RegistryReplyFormat;
import org.flinkllama.operators.format.conversation.RegistryTurnFormat;
import org.flinkllama.operators.format.conversation.ReplyFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.format.registry.RegistryDocumentReader;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Turns to replies, for ever.
@Command(
        name = "converse",
        header = "Answer the turns of conversations on a Kafka topic, in order, each once.",
        customSynopsis = {
            "flink-llama converse --bootstrap-servers=HOST:PORT --input=TOPIC",
            "                            --output=TOPIC --dead-letters=TOPIC [OPTIONS]"
        },
        description = {
            "%nReads turns from a topic and writes replies to another, exactly once. Turns of one conversation, which must"
                    + " have its id as their key, are answered in order, those of different ones beside each other. What"
                    + " was said is kept in Flink's state until no turn has come for a time.",
            "%nFlink runs in this process. The same arguments start the job on a Flink cluster: see flink-llama cluster submit.",
            "%nExamples:",
            "  flink-llama converse --bootstrap-servers kafka:9092 \\",
            "    --input turns --output replies --dead-letters turns.dead \\",
            "    --model Llama-3.2-1B-Instruct-Q8_0.gguf --stream-tokens 8",
            "  flink-llama chat -b kafka:9092 --input turns --output replies"
        },
        exitCodeList = {
            "0:the input has ended",
            "1:failed; the last line of standard error says why",
            "2:wrong use",
            "130, 143:stopped by Ctrl-C or SIGTERM; the same command goes on"
        })
final class ConverseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaArguments kafka;

    @Option(names = "--input", paramLabel = "TOPIC", required = true, description = "Topic of the turns.")
    private String input;

    @Option(names = "--output", paramLabel = "TOPIC", required = true, description = "Topic of the replies.")
    private String output;

    @Option(
            names = "--dead-letters",
            paramLabel = "TOPIC",
            required = true,
            description = "Topic of the turns that can't be answered, as they came, with headers that say why.")
    private String deadLetters;

    @Option(
            names = "--documents",
            paramLabel = "TOPIC",
            description = "Topic of documents that turns may name by 'documentId', as enrich reads them. Default: none;"
                    + " turns bring their documents' texts.")
    private String documents;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "How turns, replies and documents are written: json, or avro (single-object"
                    + " encoding, or with a schema registry its wire format)."
                    + " Default: ${DEFAULT-VALUE}.")
    private RecordFormat format;

    @Mixin
    private RegistryArguments registry;

    @Option(
            names = "--start",
            paramLabel = "WHERE",
            defaultValue = "earliest",
            description = "Where a job without a checkpoint begins: earliest, latest, or committed (where the group"
                    + " stopped). Documents are always read from the earliest. Default: ${DEFAULT-VALUE}.")
    private RecordSource.Start start;

    @Option(
            names = "--group-id",
            paramLabel = "GROUP",
            description = "Consumer group that progress is reported under. Default: flink-llama- and the job's name.")
    private String groupId;

    @Mixin
    private ModelArguments model;

    @Mixin
    private EngineArguments engine;

    @Mixin
    private InferenceArguments inference;

    @Mixin
    private ConversationArguments conversations;

    @Option(
            names = "--stream-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Write a part of each reply behind every N tokens, and the whole reply at its end. 0 writes"
                    + " whole replies alone, the default. Readers of committed records see parts with each checkpoint.")
    private int streamTokens;

    @Option(
            names = "--conversation-ttl",
            paramLabel = "TIME",
            defaultValue = "24h",
            converter = TimeConverter.class,
            description = "How long a conversation is kept behind its last turn. Default: ${DEFAULT-VALUE}.")
    private Duration timeToLive;

    @Option(
            names = "--document-ttl",
            paramLabel = "TIME",
            defaultValue = "168h",
            converter = TimeConverter.class,
            description = "How long a document is kept behind its last use. Default: ${DEFAULT-VALUE}.")
    private Duration documentTimeToLive;

    @Option(
            names = "--document-timeout",
            paramLabel = "TIME",
            defaultValue = "1min",
            converter = TimeConverter.class,
            description = "How long a turn, and those behind it, wait for a document that isn't there yet."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration documentTimeout;

    @Mixin
    private RunArguments run;

    @Override
    public Integer call() throws Exception {
        new JobLaunch(job(), run, new TurnProgress(), JobMain.started(command))
                .run(command.commandLine().getErr());
        return 0;
    }

    private ConversationJob job() throws IOException, InterruptedException {
        int parallelism = run.execution().parallelism();
        run.execution().checkpointInterval();
        String name = run.jobName("converse-" + input + "-" + output);
        String group = groupId == null ? "flink-llama-" + name : groupId;
        Optional<RegistryAccess> schemas = registry.access(format);
        ConversationTopics topics = new ConversationTopics(
                new RecordSource(input, group, start, RecordSource.End.NEVER),
                Optional.ofNullable(documents)
                        .map(topic ->
                                new RecordSource(topic, group, RecordSource.Start.EARLIEST, RecordSource.End.NEVER)),
                output,
                schemas.<ReplyFormat>map(access -> RegistryReplyFormat.of(access, output))
                        .orElseGet(() -> ReplyFormat.of(format)),
                deadLetters);
        return new ConversationJob(name, kafka.connection(), topics, plan(parallelism, schemas));
    }

    private ConversationPlan plan(int parallelism, Optional<RegistryAccess> schemas)
            throws IOException, InterruptedException {
        ReplicaOptions replica =
                engine.bound(JobMain.started(command) ? model.replica() : model.checkedReplica(parallelism));
        ConversationPlan.Memory memory = Usage.checked(
                command,
                () -> new ConversationPlan.Memory(
                        timeToLive,
                        new DocumentLookup(
                                schemas.<DocumentReader>map(access -> RegistryDocumentReader.of(access, documents))
                                        .orElseGet(format::documentReader),
                                conversations.maxDocumentCharacters(),
                                documentTimeToLive,
                                documentTimeout)));
        TurnFormat turns = schemas.<TurnFormat>map(access -> RegistryTurnFormat.of(access, input))
                .orElseGet(() -> TurnFormat.of(format));
        return ConversationPlan.of(turns, conversations.options(streamTokens), replica)
                .withMemory(memory)
                .withInference(inference.options(replica));
    }
}
