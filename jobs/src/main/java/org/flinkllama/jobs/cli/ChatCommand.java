package org.flinkllama.jobs.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.chat.ChatPartner;
import org.flinkllama.jobs.chat.ChatSession;
import org.flinkllama.jobs.chat.ModelPartner;
import org.flinkllama.jobs.chat.TopicPartner;
import org.flinkllama.jobs.cli.arguments.ConversationArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.job.KafkaArguments;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A conversation at the terminal.
@Command(
        name = "chat",
        header = "Talk to a model in this process, or to a conversation job over its topics.",
        customSynopsis = {
            "flink-llama chat [--model=FILE] [OPTIONS]",
            "       flink-llama chat --bootstrap-servers=HOST:PORT --input=TOPIC --output=TOPIC [OPTIONS]"
        },
        description = {
            "%nReads lines from standard input and prints a reply to each: every line is a turn. /help lists the commands"
                    + " that a line can be. With --bootstrap-servers, turns go to a topic and replies come from another,"
                    + " where 'converse' answers them; without, the model runs here.",
            "%nExamples:",
            "  flink-llama chat --model Llama-3.2-1B-Instruct-Q8_0.gguf",
            "  echo \"How much did it cost?\" | flink-llama chat --document letter.txt",
            "  flink-llama chat -b kafka:9092 --input turns --output replies"
        },
        exitCodeList = {
            "0:the lines have ended, or one was /end",
            "1:failed; the last line of standard error says why",
            "2:wrong use",
            "130, 143:stopped by Ctrl-C or SIGTERM"
        })
final class ChatCommand implements Callable<Integer> {
    private static final String OF_BUNDLED_MODEL = "The bundled model is tiny and knows only what it was trained for:"
            + " short questions about a short English document (/document FILE). Give a real one with --model to talk.";

    @Spec
    private CommandSpec command;

    @ArgGroup(exclusive = false, multiplicity = "0..1", heading = "%nOver topics, where 'converse' answers:%n")
    private Remote remote;

    @Option(
            names = "--conversation",
            paramLabel = "ID",
            description = "Id of the conversation; one that the job knows goes on. Default: a new one.")
    private String conversation;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Owner of the conversation. Default: none.")
    private String tenant;

    @Option(
            names = {"-d", "--document"},
            paramLabel = "FILE",
            description = "A text file that the conversation is about.")
    private Path document;

    @Mixin
    private ModelArguments model;

    @Mixin
    private ConversationArguments conversations;

    /// The topics of a conversation job.
    static final class Remote {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private KafkaArguments kafka;

        @Option(names = "--input", paramLabel = "TOPIC", required = true, description = "Topic of the turns.")
        private String input;

        @Option(names = "--output", paramLabel = "TOPIC", required = true, description = "Topic of the replies.")
        private String output;

        @Option(
                names = "--dead-letters",
                paramLabel = "TOPIC",
                description = "Topic of the turns that can't be answered, to be told of them.")
        private String deadLetters;

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                description = "How turns and replies are written: json or avro. Default: json.")
        private RecordFormat format = RecordFormat.JSON;

        private ChatPartner open() {
            KafkaConnection connection = kafka.connection();
            TopicPartner.Topics topics =
                    new TopicPartner.Topics(input, output, Optional.ofNullable(deadLetters), format);
            try (KafkaCluster cluster = KafkaCluster.connect(connection)) {
                cluster.requireTopics(topics.names());
            }
            return TopicPartner.open(connection, topics);
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        String session = UUID.randomUUID().toString();
        ChatSession.Names names = new ChatSession.Names(conversation == null ? session : conversation, tenant, session);
        try (ChatPartner partner = remote == null ? local(err) : remote.open()) {
            ChatSession chat = new ChatSession(partner, names, out, err, terminal ? "> " : "");
            Optional.ofNullable(document).ifPresent(chat::about);
            chat.run(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        } catch (InterruptedException stopped) {
            out.println();
        }
        return 0;
    }

    private ChatPartner local(PrintWriter err) throws IOException, InterruptedException {
        ReplicaOptions replica = model.checkedReplica(1).withMaxSequences(1);
        if (Path.of(replica.model().location().text())
                .equals(BundledModel.file().toAbsolutePath())) {
            err.println("[" + OF_BUNDLED_MODEL + "]");
            err.flush();
        }
        // A part for every token: what is printed grows as the model speaks.
        ConversationOptions options = conversations.options(1);
        try {
            return ModelPartner.open(replica, options);
        } catch (IllegalArgumentException refused) {
            throw Usage.mistake(command, refused.getMessage());
        }
    }
}
