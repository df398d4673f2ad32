package org.flinkllama.jobs.poison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.format.registry.RegistryCodec;
import org.flinkllama.operators.format.registry.RegistryDocumentReader;
import org.flinkllama.operators.format.registry.RegistryEnrichmentWriter;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The job with a schema registry that is down when it starts, with records that the registry can't help, and with
/// secrets in its settings that nobody may hear of.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class RegistryITCase {
    private static final String CANARY = "xyzzy-canary-31415";
    private static final String PRODUCER = """
            {"type": "record", "name": "Letter", "namespace": "com.example", "fields": [
              {"name": "text", "type": "string"}, {"name": "sender", "type": "long"}, {"name": "id", "type": "string"}]}""";
    private static final String OTHER = """
            {"type": "record", "name": "Invoice", "namespace": "com.example", "fields": [
              {"name": "sum", "type": "double"}]}""";

    @TempDir
    private Path folder;

    @Test
    void losesNothingWhileTheRegistryIsDownAndTellsNobodyASecret() throws Exception {
        RegistryAccess secret = RegistryAccess.to("http://127.0.0.1:1").withBearer(CANARY);
        try (LocalBroker broker = LocalBroker.start();
                RegistryDouble registry = new RegistryDouble(secret.authorization())) {
            RegistryAccess access = RegistryAccess.to(registry.url()).withBearer(CANARY);
            EnrichmentJob job = job(broker, access);
            feed(job, registry);
            List<String> told = run(job, registry);
            requireOutputs(job, access);
            assertThat(told).hasSizeGreaterThan(100).noneMatch(line -> line.contains(CANARY));
        }
    }

    private static void requireOutputs(EnrichmentJob job, RegistryAccess access) throws Exception {
        Map<String, InputRecord> enrichments =
                WatchedJob.read(job, job.outputs().enrichments());
        assertThat(enrichments).containsOnlyKeys("letter-1", "letter-2");
        RegistryCodec<Enrichment> codec = new RegistryCodec<>(
                access, Enrichment.class, "enrichment", job.outputs().enrichments());
        for (Map.Entry<String, InputRecord> enrichment : enrichments.entrySet()) {
            assertThat(codec.read(enrichment.getValue()).getDocumentId()).isEqualTo(enrichment.getKey());
        }
        Map<String, InputRecord> refused = WatchedJob.read(job, job.outputs().deadLetters());
        assertThat(refused).containsOnlyKeys("unknown-id", "unfit", "cut", "json");
        assertThat(refused.values())
                .allSatisfy(record -> assertThat(record.getHeaders()).anySatisfy(header -> assertThat(
                                new String(WatchedJob.bytes(header.getValue()), StandardCharsets.UTF_8))
                        .isEqualTo("DECODE")));
    }

    /// Runs the job to its end. The registry is down until Flink has started the job again twice.
    ///
    /// @return what the log and Flink's web pages said meanwhile
    private List<String> run(EnrichmentJob job, RegistryDouble registry) throws Exception {
        int transactionTimeout;
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            transactionTimeout = cluster.transactionTimeout();
        }
        LocalFlink flink = new LocalFlink(TopicJob.configuration(Duration.ofMillis(500)), 1)
                .withCheckpoints(folder)
                .withRestarts();
        String web = flink.openWebUi();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
        registry.setDown(true);
        job.build(environment, transactionTimeout);
        List<String> told = new ArrayList<>();
        try (CapturedLog log = new CapturedLog();
                HttpClient browser = HttpClient.newHttpClient();
                LocalJob running = LocalJob.start(environment, job.name())) {
            await().atMost(Duration.ofMinutes(2)).until(() -> registry.refused() >= 8);
            for (String page : pages(running.id().toString())) {
                told.add(browser.send(
                                HttpRequest.newBuilder(URI.create(web + page)).build(), BodyHandlers.ofString())
                        .body());
            }
            assertThat(told).anyMatch(page -> page.contains("RegistryException"));
            registry.setDown(false);
            assertThat(running.ended(Duration.ofMinutes(2))).isTrue();
            told.addAll(log.lines());
        }
        return told;
    }

    private static List<String> pages(String job) {
        return List.of(
                "/jobs/" + job,
                "/jobs/" + job + "/config",
                "/jobs/" + job + "/plan",
                "/jobs/" + job + "/exceptions",
                "/jobs/" + job + "/checkpoints/config",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/taskmanagers");
    }

    private static void feed(EnrichmentJob job, RegistryDouble registry) throws Exception {
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(job.topics(), 1);
        }
        Map<String, byte[]> values = new LinkedHashMap<>();
        values.put("letter-1", letter(registry, "letter-1"));
        values.put("unknown-id", new byte[] {0, 0, 0, 3, -25, 2, 'a'});
        values.put("unfit", encoded(registry.id(OTHER), OTHER, Map.of("sum", 1.5)));
        byte[] whole = letter(registry, "cut");
        values.put("cut", java.util.Arrays.copyOf(whole, whole.length - 3));
        values.put("json", "{\"id\": \"json\", \"text\": \"x\"}".getBytes(StandardCharsets.UTF_8));
        values.put("letter-2", letter(registry, "letter-2"));
        try (RecordFeed feed = new RecordFeed(job.connection(), job.input().topic())) {
            values.forEach((key, value) -> feed.send(key.getBytes(StandardCharsets.UTF_8), value, Map.of()));
            feed.flush();
        }
    }

    private static byte[] letter(RegistryDouble registry, String id) throws IOException {
        return encoded(
                registry.id(PRODUCER),
                PRODUCER,
                Map.of("id", id, "text", "The kettle works very well. I like it a lot.", "sender", 7L));
    }

    private static byte[] encoded(int id, String json, Map<String, Object> fields) throws IOException {
        Schema schema = new Schema.Parser().parse(json);
        GenericRecord record = new GenericData.Record(schema);
        fields.forEach(record::put);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static EnrichmentJob job(LocalBroker broker, RegistryAccess access) throws IOException {
        Map<String, String> secrets = Map.of(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"" + CANARY
                        + "\";",
                "ssl.truststore.password",
                CANARY,
                "ssl.key.password",
                CANARY);
        return new EnrichmentJob(
                "with-registry",
                new KafkaConnection(broker.bootstrapServers(), secrets),
                new RecordSource("letters", "letters", RecordSource.Start.EARLIEST, RecordSource.End.NEWEST),
                new Outputs("enriched", RegistryEnrichmentWriter.of(access, "enriched"), "refused"),
                EnrichmentPlan.of(
                        RegistryDocumentReader.of(access, "letters"),
                        EnrichmentOptions.DEFAULT,
                        ReplicaOptions.of(BundledModel.file()).withThreads(2)));
    }
}
