package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.converse.ConversationJob;
import org.flinkllama.jobs.converse.ConversationTopics;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.converse.ConversationPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.ReplyFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;

/// Conversations with the bundled model, each about a document that its first turn brings, with replies in parts.
/// What was said outgrows the context, so that old turns are dropped; some turns come again, at once or a round
/// later, and get no second reply; and some are refused, where they are read or where they are worked on.
///
/// Replies are drawn as [EnrichmentWorkload] draws its texts, and for the same reasons.
record ConversationWorkload(int conversations, int turns) implements Workload {
    private static final int MAX_TOKENS = 160;
    private static final int STREAM_TOKENS = 16;
    private static final int KINDS = 5; // of conversations
    private static final RecordFormat FORMAT = RecordFormat.JSON;

    @Override
    public String input() {
        return "turns";
    }

    @Override
    public int records() {
        return conversations * turns;
    }

    @Override
    public void feed(KafkaConnection kafka) {
        TurnFormat format = TurnFormat.of(FORMAT);
        try (RecordFeed feed = new RecordFeed(kafka, input())) {
            for (int turn = 0; turn < turns; turn++) {
                for (int conversation = 0; conversation < conversations; conversation++) {
                    byte[] key = bytes(id(conversation));
                    Map<String, String> headers = Map.of("number", turn + "-" + conversation);
                    byte[] value = format.write(turn(conversation, turn));
                    boolean unreadable = conversation % KINDS == 3 && turn % 2 == 1;
                    feed.send(key, unreadable ? bytes("no JSON") : value, headers);
                    if (conversation % KINDS == 0) {
                        feed.send(key, value, headers);
                    } else if (conversation % KINDS == 1 && turn > 0) {
                        feed.send(key, format.write(turn(conversation, turn - 1)), headers);
                    }
                }
            }
            feed.flush();
        }
    }

    private static Turn turn(int conversation, int turn) {
        Turn.Builder said = Turn.newBuilder()
                .setConversationId(id(conversation))
                .setTurnId("turn-" + turn)
                .setTenant(conversation % 2 == 0 ? null : "north")
                .setText("What is it that costs " + (conversation + turn) + " euros?");
        if (turn == 0) {
            said.setDocumentText("The kettle number %d works well and I like it. It cost %d euros in May."
                    .formatted(conversation, 20 + conversation));
        }
        if (conversation % KINDS == 4 && turn % 2 == 1) {
            said.setText("Why? ".repeat(700)); // more than the context holds
        }
        if (conversation % KINDS == 2 && turn == 2) {
            said.setKind(TurnKind.RESET);
        }
        return said.build();
    }

    private static String id(int conversation) {
        return "conversation-" + conversation;
    }

    @Override
    public List<String> outputs(String run) {
        return List.of(run + "-replies", run + "-refused");
    }

    @Override
    public Configuration configuration() {
        return TopicJob.configuration(Duration.ofMillis(500));
    }

    @Override
    public void build(
            StreamExecutionEnvironment environment, KafkaConnection kafka, String run, int transactionTimeout) {
        List<String> topics = outputs(run);
        new ConversationJob(
                        run,
                        kafka,
                        new ConversationTopics(
                                new RecordSource(input(), run, RecordSource.Start.EARLIEST, RecordSource.End.NEVER),
                                Optional.empty(),
                                topics.get(0),
                                FORMAT,
                                topics.get(1)),
                        plan())
                .build(environment, transactionTimeout);
    }

    private static ConversationPlan plan() {
        SamplingOptions sampling = new SamplingOptions(50, 0, 1, 0, 1, 7);
        ConversationOptions options =
                ConversationOptions.DEFAULT.withReply(new ReplyOptions(MAX_TOKENS, sampling, STREAM_TOKENS));
        try {
            // Prompts are read in many steps, so that replies are not all begun and ended at once.
            return ConversationPlan.of(
                    FORMAT,
                    options,
                    ReplicaOptions.of(BundledModel.file()).withThreads(1).withPrefillChunk(16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Origin origin(InputRecord output) {
        if (output.getTopic().endsWith("-refused")) {
            return Origin.ofDeadLetter(output);
        }
        try {
            Reply reply = ReplyFormat.of(FORMAT).read(output);
            SourcePosition source = reply.getProvenance().getSource();
            return new Origin(source.getPartition(), source.getOffset(), reply.getPart(), reply.getLast());
        } catch (RecordRejectedException e) {
            throw new AssertionError("A reader met a reply that is none: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
