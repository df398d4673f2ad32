package org.flinkllama.jobs.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The job on a real broker and a real Flink, with the bundled model.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class EnrichmentJobITCase {
    private static final byte[] BROKEN = {(byte) 0xC3, 0x28, 0};
    private static final String KETTLE = """
            {"id": "kettle", "text": "The kettle cost 20 euros. It works very well and I like it a lot.",
             "eventTime": "2026-01-02T03:04:05Z",
             "questions": ["How much did the kettle cost?"], "attributes": {"kind": "review"}}""";
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
    void enrichesDocumentsAndReturnsTheOthersAsTheyCame() throws Exception {
        EnrichmentJob job = job("json", RecordFormat.JSON);
        run(job, KETTLE.getBytes(StandardCharsets.UTF_8), BROKEN);
        Map<String, InputRecord> outputs = outputs(job);

        InputRecord enriched = outputs.get(job.outputs().enrichments());
        assertThat(text(enriched.getKey())).isEqualTo("kettle");
        JsonNode enrichment = new ObjectMapper().readTree(text(enriched.getValue()));
        assertThat(enrichment.path("documentId").asText()).isEqualTo("kettle");
        assertThat(enrichment.path("attributes").path("kind").asText()).isEqualTo("review");
        assertThat(enrichment.path("summary").path("text").asText()).isNotBlank();
        assertThat(enrichment.path("sentiment").path("scores").size()).isEqualTo(3);
        assertThat(enrichment.path("answers").size()).isEqualTo(1);
        JsonNode provenance = enrichment.path("provenance");
        assertThat(provenance.path("modelSha256").asText()).matches("[0-9a-f]{64}");
        assertThat(provenance.path("promptTokens").asInt()).isPositive();
        assertThat(provenance.path("source").path("topic").asText())
                .isEqualTo(job.input().topic());

        InputRecord refused = outputs.get(job.outputs().deadLetters());
        assertThat(text(refused.getKey())).isEqualTo("key-1");
        assertThat(bytes(refused.getValue())).isEqualTo(BROKEN);
        Map<String, String> headers = headers(refused);
        assertThat(headers)
                .containsEntry("trace", "1")
                .containsEntry(DeadLetterHeaders.TOPIC, job.input().topic())
                .containsEntry(DeadLetterHeaders.OFFSET, "1")
                .containsEntry(DeadLetterHeaders.STAGE, "DECODE")
                .containsKey(DeadLetterHeaders.EXCEPTION_MESSAGE);
    }

    @Test
    void writesAvroThatReadsBack() throws Exception {
        EnrichmentJob job = job("avro", RecordFormat.AVRO);
        run(job, KETTLE.getBytes(StandardCharsets.UTF_8), BROKEN);
        ByteBuffer value = outputs(job).get(job.outputs().enrichments()).getValue();
        Enrichment enrichment = Enrichment.fromByteBuffer(value);
        assertThat(enrichment.getDocumentId()).isEqualTo("kettle");
        assertThat(enrichment.getSentiment().getScores().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isBetween(0.999, 1.001);
    }

    @Test
    void givesTheSameBytesForTheSameDocument() throws Exception {
        EnrichmentJob first = job("first", RecordFormat.JSON);
        run(first, KETTLE.getBytes(StandardCharsets.UTF_8), BROKEN);
        EnrichmentJob second = job("second", RecordFormat.JSON);
        run(second, KETTLE.getBytes(StandardCharsets.UTF_8), BROKEN);
        String topic = first.outputs().enrichments();
        String expected = text(outputs(first).get(topic).getValue())
                .replace(first.input().topic(), second.input().topic());
        assertThat(text(outputs(second).get(second.outputs().enrichments()).getValue()))
                .isEqualTo(expected);
    }

    /// Each would keep a thread and, on a cluster, the job's classes in the process.
    @Test
    void leavesNoClientOfKafkaBehind() throws Exception {
        Set<Thread> before = clients();
        EnrichmentJob job = job("tidy", RecordFormat.JSON);
        run(job, KETTLE.getBytes(StandardCharsets.UTF_8), BROKEN);

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(clients()).isSubsetOf(before));
    }

    private static Set<Thread> clients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kafka-"))
                .filter(thread ->
                        thread.getName().contains("client") || thread.getName().contains("producer"))
                .collect(Collectors.toSet());
    }

    /// A job with topics of its own, which ends behind what is on its input when it starts.
    private static EnrichmentJob job(String name, RecordFormat outputFormat) throws IOException {
        EnrichmentPlan plan = EnrichmentPlan.of(
                RecordFormat.JSON.documentReader(),
                EnrichmentOptions.DEFAULT,
                ReplicaOptions.of(BundledModel.file()).withThreads(2));
        return new EnrichmentJob(
                name,
                KafkaConnection.to(broker.bootstrapServers()),
                new RecordSource(name + "-documents", name, RecordSource.Start.EARLIEST, RecordSource.End.NEWEST),
                new Outputs(name + "-enrichments", outputFormat, name + "-refused"),
                plan);
    }

    private void run(EnrichmentJob job, byte[]... values) throws InterruptedException {
        int transactionTimeout;
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(job.topics(), 1);
            transactionTimeout = cluster.transactionTimeout();
        }
        try (RecordFeed feed = new RecordFeed(job.connection(), job.input().topic())) {
            for (int number = 0; number < values.length; number++) {
                feed.send(
                        ("key-" + number).getBytes(StandardCharsets.UTF_8),
                        values[number],
                        Map.of("trace", "" + number));
            }
            feed.flush();
        }
        LocalFlink flink = new LocalFlink(TopicJob.configuration(Duration.ofMillis(500)), 1)
                .withCheckpoints(folder.resolve(job.name()))
                .withoutRestarts();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
        job.build(environment, transactionTimeout);
        try (LocalJob running = LocalJob.start(environment, job.name())) {
            assertThat(running.ended(Duration.ofMinutes(2))).isTrue();
            assertThat(Progress.of(running.counters())).matches(p -> p.documents() == 1 && p.deadLetters() == 1);
        }
    }

    /// The one record on each of the job's output topics.
    private static Map<String, InputRecord> outputs(EnrichmentJob job) throws InterruptedException {
        List<String> topics = List.of(job.outputs().enrichments(), job.outputs().deadLetters());
        Map<String, InputRecord> outputs = new HashMap<>();
        try (CommittedReader reader = new CommittedReader(job.connection(), topics)) {
            for (int poll = 0; poll < 100 && outputs.size() < 2; poll++) {
                for (InputRecord record : reader.poll(Duration.ofMillis(100))) {
                    assertThat(outputs.put(record.getTopic(), record)).isNull();
                }
            }
        }
        assertThat(outputs).hasSize(2);
        return outputs;
    }

    private static Map<String, String> headers(InputRecord record) {
        Map<String, String> headers = new HashMap<>();
        for (InputHeader header : record.getHeaders()) {
            headers.put(header.getName(), text(header.getValue()));
        }
        return headers;
    }

    private static String text(ByteBuffer buffer) {
        return new String(bytes(buffer), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
