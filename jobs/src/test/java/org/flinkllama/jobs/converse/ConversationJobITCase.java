package org.flinkllama.jobs.converse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.converse.ConversationPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.ReplyFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.replica.ReplicaSource;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The job on a real broker and a real Flink, with the bundled model.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ConversationJobITCase {
    private static final String BRIDGE =
            "The harbour bridge in Port Ellery was opened to traffic again on Saturday after "
                    + "fourteen months of repairs. The works cost 31 million euros. Mayor Ines Calder cut the ribbon.";
    private static final String COST = "How much did the works cost?";
    private static LocalBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        broker = LocalBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void answersTurnsInOrderAndEachOnceAndReturnsTheOthers() throws Exception {
        ConversationJob job = job("talk", RecordFormat.JSON, 2, false);
        List<Turn> turns = List.of(
                turn("a", "1").setText(COST).setDocumentText(BRIDGE).build(),
                turn("b", "1")
                        .setText(COST)
                        .setDocumentText(BRIDGE.replace("31", "77"))
                        .setTenant("north")
                        .build(),
                turn("a", "2").setText("Who cut the ribbon?").build(),
                turn("a", "1").setText(COST).setDocumentText(BRIDGE).build(),
                turn("a", "3").setKind(TurnKind.RESET).build(),
                turn("a", "4").setText(COST).build(),
                turn("a", "5").setKind(TurnKind.UNKNOWN).build(),
                turn("a", "6").setKind(TurnKind.END).build());
        run(job, turns, List.of());

        List<Reply> replies = replies(job, 6);
        assertThat(lastOnes(replies, "a")).extracting(Reply::getTurnId).containsExactly("1", "2", "3", "4", "6");
        assertThat(lastOnes(replies, "a").get(0).getText()).contains("31 million");
        assertThat(lastOnes(replies, "a").get(3).getText()).contains("31 million");
        assertThat(lastOnes(replies, "b")).singleElement().satisfies(reply -> {
            assertThat(reply.getText()).contains("77 million");
            assertThat(reply.getTenant()).isEqualTo("north");
        });
        assertThat(replies).filteredOn(reply -> !reply.getLast()).isNotEmpty();
        for (Reply whole : replies.stream().filter(Reply::getLast).toList()) {
            assertThat(whole.getText()).startsWith(parts(replies, whole));
        }
        InputRecord refused = read(job, job.conversations().deadLetters(), 1).getFirst();
        assertThat(refused.getHeaders())
                .anyMatch(header -> header.getName().equals(DeadLetterHeaders.STAGE)
                        && text(header.getValue()).equals("VALIDATE"));
    }

    @Test
    void answersAboutDocumentsOfATopicThatTurnsName() throws Exception {
        ConversationJob job = job("about", RecordFormat.AVRO, 0, true);
        byte[] document = ("{\"id\": \"bridge\", \"text\": \"" + BRIDGE + "\"}").getBytes(StandardCharsets.UTF_8);
        List<Turn> turns = List.of(
                turn("a", "1").setText(COST).setDocumentId("bridge").build(),
                turn("a", "2").setText("Who cut the ribbon?").build(),
                turn("b", "1").setText(COST).setDocumentId("unknown").build(),
                turn("c", "1")
                        .setText(COST)
                        .setDocumentId("bridge")
                        .setTenant("north")
                        .build());
        run(job, turns, List.of(document));

        List<Reply> replies = replies(job, 2);
        assertThat(replies).extracting(Reply::getTurnId).containsExactly("1", "2");
        assertThat(replies.getFirst().getText()).contains("31 million");
        List<InputRecord> refused = read(job, job.conversations().deadLetters(), 2);
        assertThat(refused).extracting(record -> text(record.getKey())).containsExactlyInAnyOrder("b", "c");
        assertThat(refused).allSatisfy(record -> assertThat(record.getHeaders())
                .noneMatch(header -> header.getName().contains("document")));
    }

    /// The undisturbed run and the broken one write the same records, byte for byte, parts included.
    @Test
    void writesTheSameRecordsWhenTheReplicaBreaksInTheMiddleOfAReply() throws Exception {
        List<Turn> turns = List.of(
                turn("a", "1").setText(COST).setDocumentText(BRIDGE).build(),
                turn("b", "1")
                        .setText("Who cut the ribbon?")
                        .setDocumentText(BRIDGE)
                        .build(),
                turn("a", "2").setText("When was it opened?").build());
        ConversationJob undisturbed = job("undisturbed", RecordFormat.JSON, 1, false);
        run(undisturbed, turns, List.of());

        Path broken = folder.resolve("broken");
        ConversationJob disturbed = job("disturbed", RecordFormat.JSON, 1, false);
        ReplicaSource breaking = new BreakingReplica(disturbed.plan().replica(), 5, broken.toString());
        ConversationPlan plan = new ConversationPlan(
                disturbed.plan().turns(),
                disturbed.plan().options(),
                disturbed.plan().memory(),
                breaking,
                disturbed.plan().inference());
        run(
                new ConversationJob("disturbed", disturbed.connection(), disturbed.conversations(), plan),
                turns,
                List.of());

        assertThat(broken).exists();
        Map<String, List<String>> expected = values(undisturbed);
        assertThat(expected.values()).allSatisfy(values -> assertThat(values).hasSizeGreaterThan(2));
        assertThat(values(disturbed)).isEqualTo(expected);
    }

    /// Replies by conversation, without the name of the job's topic in them.
    private static Map<String, List<String>> values(ConversationJob job) throws InterruptedException {
        return read(job, job.conversations().replies(), 4).stream()
                .collect(Collectors.groupingBy(
                        record -> text(record.getKey()),
                        Collectors.mapping(
                                record -> text(record.getValue()).replace(job.name() + "-turns", "turns"),
                                Collectors.toList())));
    }

    private static Turn.Builder turn(String conversation, String id) {
        return Turn.newBuilder().setConversationId(conversation).setTurnId(id);
    }

    /// A job with topics of its own, which ends behind what is on its inputs when it starts.
    private static ConversationJob job(String name, RecordFormat format, int streamTokens, boolean documents)
            throws IOException {
        ConversationOptions options =
                ConversationOptions.DEFAULT.withReply(new ReplyOptions(64, SamplingOptions.GREEDY, streamTokens));
        return new ConversationJob(
                name,
                KafkaConnection.to(broker.bootstrapServers()),
                new ConversationTopics(
                        source(name + "-turns"),
                        documents ? Optional.of(source(name + "-documents")) : Optional.empty(),
                        name + "-replies",
                        format,
                        name + "-refused"),
                ConversationPlan.of(
                        format, options, ReplicaOptions.of(BundledModel.file()).withThreads(2)));
    }

    private static RecordSource source(String topic) {
        return new RecordSource(topic, topic, RecordSource.Start.EARLIEST, RecordSource.End.NEWEST);
    }

    private void run(ConversationJob job, List<Turn> turns, List<byte[]> documents) throws InterruptedException {
        int transactionTimeout;
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(job.topics(), 1);
            transactionTimeout = cluster.transactionTimeout();
        }
        TurnFormat format = job.plan().turns();
        try (RecordFeed feed =
                new RecordFeed(job.connection(), job.conversations().turns().topic())) {
            for (Turn turn : turns) {
                feed.send(
                        turn.getConversationId().getBytes(StandardCharsets.UTF_8),
                        format.write(turn),
                        Map.of("trace", "1"));
            }
            feed.flush();
        }
        job.conversations().documents().ifPresent(source -> {
            try (RecordFeed feed = new RecordFeed(job.connection(), source.topic())) {
                documents.forEach(document -> feed.send(null, document, Map.of()));
                feed.flush();
            }
        });
        LocalFlink flink = new LocalFlink(TopicJob.configuration(Duration.ofMillis(500)), 1)
                .withCheckpoints(folder.resolve(job.name()))
                .withRestarts();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
        job.build(environment, transactionTimeout);
        try (LocalJob running = LocalJob.start(environment, job.name())) {
            assertThat(running.ended(Duration.ofMinutes(2))).isTrue();
        }
    }

    /// All replies, when as many are complete.
    private static List<Reply> replies(ConversationJob job, int complete) throws Exception {
        ReplyFormat format = job.conversations().format();
        List<Reply> replies = new ArrayList<>();
        for (InputRecord record : read(job, job.conversations().replies(), complete)) {
            replies.add(format.read(record));
        }
        assertThat(replies).filteredOn(Reply::getLast).hasSize(complete);
        return replies;
    }

    /// What is on a topic of a job that has ended; at least `count` records.
    private static List<InputRecord> read(ConversationJob job, String topic, int count) throws InterruptedException {
        List<InputRecord> records = new ArrayList<>();
        try (CommittedReader reader = new CommittedReader(job.connection(), List.of(topic))) {
            int silent = 0;
            for (int poll = 0; poll < 300 && (records.size() < count || silent < 5); poll++) {
                List<InputRecord> polled = reader.poll(Duration.ofMillis(100));
                silent = polled.isEmpty() ? silent + 1 : 0;
                records.addAll(polled);
            }
        }
        return records;
    }

    private static List<Reply> lastOnes(List<Reply> replies, String conversation) {
        return replies.stream()
                .filter(reply -> reply.getLast() && reply.getConversationId().equals(conversation))
                .toList();
    }

    private static String parts(List<Reply> replies, Reply whole) {
        return replies.stream()
                .filter(reply -> !reply.getLast()
                        && reply.getConversationId().equals(whole.getConversationId())
                        && reply.getTurnId().equals(whole.getTurnId()))
                .map(Reply::getText)
                .collect(Collectors.joining());
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }
}
