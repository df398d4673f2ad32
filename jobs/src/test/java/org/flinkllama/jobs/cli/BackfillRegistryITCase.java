package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.poison.RegistryDouble;
import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.format.registry.RegistryCodec;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command between topics whose schemas a registry keeps.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class BackfillRegistryITCase {
    private static final String TOKEN = "token-of-the-registry";
    private static final String JSON = "{\"id\": \"json\", \"text\": \"x\"}";

    private final StringWriter said = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void readsAndWritesTheWireFormatOfTheRegistry() throws Exception {
        RegistryAccess expected = RegistryAccess.to("http://127.0.0.1:1").withBearer(TOKEN);
        try (LocalBroker broker = LocalBroker.start();
                RegistryDouble registry = new RegistryDouble(expected.authorization())) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            RegistryAccess access = RegistryAccess.to(registry.url()).withBearer(TOKEN);
            feed(kafka, access);
            assertThat(backfill(broker, registry))
                    .as("the command said %s", said)
                    .isZero();

            RegistryCodec<Enrichment> codec = new RegistryCodec<>(access, Enrichment.class, "enrichment", "enriched");
            List<String> ids = new ArrayList<>();
            for (InputRecord record : read(kafka, "enriched")) {
                ids.add(codec.read(record).getDocumentId());
            }
            assertThat(ids).containsExactlyInAnyOrder("letter-0", "letter-1", "letter-2");
            assertThat(read(kafka, "refused")).singleElement().satisfies(record -> assertThat(StandardCharsets.UTF_8
                            .decode(record.getValue().duplicate())
                            .toString())
                    .isEqualTo(JSON));
            assertThat(said.toString()).doesNotContain(TOKEN);
        }
    }

    private int backfill(LocalBroker broker, RegistryDouble registry) throws Exception {
        Path credentials = Files.writeString(folder.resolve("registry.properties"), "bearer.auth.token=" + TOKEN);
        return Main.commandLine(new PrintWriter(said), new PrintWriter(said))
                .execute(
                        "backfill",
                        "--bootstrap-servers=" + broker.bootstrapServers(),
                        "--input-topic=documents",
                        "--topic-format=avro",
                        "--output-topic=enriched",
                        "--output-topic-format=avro",
                        "--dead-letters=refused",
                        "--schema-registry=" + registry.url(),
                        "--schema-registry-config=" + credentials,
                        "--work-dir=" + folder.resolve("work"),
                        "--tasks=sentiment",
                        "--checkpoint-interval=300ms",
                        "--max-sequences=4");
    }

    /// Three documents in the registry's format, and one that is not.
    private static void feed(KafkaConnection kafka, RegistryAccess access) {
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            cluster.create(List.of("documents", "enriched", "refused"), 1);
        }
        RegistryCodec<Document> codec = new RegistryCodec<>(access, Document.class, "document", "documents");
        try (RecordFeed feed = new RecordFeed(kafka, "documents")) {
            for (int number = 0; number < 3; number++) {
                feed.send(
                        null,
                        codec.write(Document.newBuilder()
                                .setId("letter-" + number)
                                .setText("The kettle works well. I like the colour of it.")
                                .build()),
                        Map.of());
            }
            feed.send(null, JSON.getBytes(StandardCharsets.UTF_8), Map.of());
            feed.flush();
        }
    }

    private static List<InputRecord> read(KafkaConnection kafka, String topic) throws InterruptedException {
        List<InputRecord> records = new ArrayList<>();
        try (CommittedReader reader = new CommittedReader(kafka, List.of(topic))) {
            while (!reader.atEnd()) {
                records.addAll(reader.poll(Duration.ofMillis(100)));
            }
        }
        return records;
    }
}
