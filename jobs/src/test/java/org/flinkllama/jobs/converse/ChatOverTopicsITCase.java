package org.flinkllama.jobs.converse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.chat.ReplyScreen;
import org.flinkllama.jobs.chat.TopicPartner;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
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
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.schemas.v1.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A terminal and a job that meet on topics.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ChatOverTopicsITCase {
    private final StringWriter out = new StringWriter();
    private final StringWriter notes = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void printsTheReplyToEachTurnAndWhyThereIsNone() throws Exception {
        try (LocalBroker broker = LocalBroker.start()) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            ConversationJob job = new ConversationJob(
                    "chat",
                    connection,
                    new ConversationTopics(
                            new RecordSource("turns", "chat", RecordSource.Start.EARLIEST, RecordSource.End.NEVER),
                            Optional.empty(),
                            "replies",
                            RecordFormat.JSON,
                            "refused"),
                    ConversationPlan.of(
                            RecordFormat.JSON,
                            ConversationOptions.DEFAULT.withReply(new ReplyOptions(32, SamplingOptions.GREEDY, 1)),
                            ReplicaOptions.of(BundledModel.file()).withThreads(1)));
            int transactionTimeout;
            try (KafkaCluster cluster = KafkaCluster.connect(connection)) {
                cluster.create(job.topics(), 1);
                transactionTimeout = cluster.transactionTimeout();
            }
            LocalFlink flink = new LocalFlink(TopicJob.configuration(Duration.ofMillis(300)), 1)
                    .withCheckpoints(folder)
                    .withoutRestarts();
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            job.build(environment, transactionTimeout);
            TopicPartner.Topics topics =
                    new TopicPartner.Topics("turns", "replies", Optional.of("refused"), RecordFormat.JSON);
            try (LocalJob _ = LocalJob.start(environment, job.name());
                    TopicPartner partner = TopicPartner.open(connection, topics)) {
                talk(partner);
            }
        }
        assertThat(out.toString().lines()).hasSize(2).first().isEqualTo("31 million euros");
        assertThat(notes.toString()).contains("No reply: Field 'documentId' names a document");
    }

    private void talk(TopicPartner partner) throws InterruptedException {
        List<Turn> turns = List.of(
                turn("1", "How much did the works cost?")
                        .setDocumentText("The bridge was opened on Saturday. The works cost 31 million euros.")
                        .build(),
                turn("2", "How much?").setDocumentId("unknown").build(),
                turn("3", "When was the bridge opened?").build());
        for (Turn turn : turns) {
            partner.answer(turn, new ReplyScreen(new PrintWriter(out), new PrintWriter(notes)));
        }
    }

    private static Turn.Builder turn(String id, String text) {
        return Turn.newBuilder().setConversationId("c").setTurnId(id).setText(text);
    }
}
