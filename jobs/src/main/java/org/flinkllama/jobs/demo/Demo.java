package org.flinkllama.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.jobs.local.TemporaryFolder;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// Enriches documents through a broker and a Flink of its own, and shows the results as they are committed.
public final class Demo {
    private static final RecordSource.Start START = RecordSource.Start.EARLIEST;
    private static final Outputs OUTPUTS = new Outputs("enrichments", RecordFormat.JSON, "dead-letters");
    private static final String INPUT = "documents";
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoOptions options;
    private final PrintWriter progress;
    private final ResultScreen screen;
    private final Map<String, SampleDocument> documents = new HashMap<>();

    /// @param results  where results are printed
    /// @param progress where everything else is said
    public Demo(DemoOptions options, PrintWriter results, PrintWriter progress, Terminal terminal) {
        this.options = options;
        this.progress = progress;
        this.screen = new ResultScreen(results, terminal);
    }

    /// Runs the demo to its end, or for ever where it is to be kept running.
    ///
    /// @return whether every record came out, as an enrichment or as a dead letter
    public boolean run() throws IOException, InterruptedException {
        List<SampleDocument> samples = options.documents().isPresent()
                ? SampleDocument.in(options.documents().get())
                : SampleDocument.bundled();
        samples.forEach(sample -> documents.put(sample.id(), sample));
        progress.println("Starting Kafka in this process …");
        try (LocalBroker broker = LocalBroker.start();
                TemporaryFolder checkpoints = TemporaryFolder.create("flink-llama-demo-")) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            EnrichmentJob job = job(kafka);
            int transactionTimeout = createTopics(job);
            feed(kafka, samples);
            progress.println("Starting Flink in this process …");
            LocalFlink flink = new LocalFlink(TopicJob.configuration(CHECKPOINT_INTERVAL), 1)
                    .withCheckpoints(checkpoints.path())
                    .withoutRestarts();
            String webUi = options.keepRunning() ? flink.openWebUi() : "";
            StreamExecutionEnvironment environment = environment(flink.configuration());
            job.build(environment, transactionTimeout);
            try (CommittedReader reader =
                            new CommittedReader(kafka, List.of(OUTPUTS.enrichments(), OUTPUTS.deadLetters()));
                    LocalJob running = LocalJob.start(environment, "flink-llama-demo")) {
                long begin = System.nanoTime();
                Tally tally = show(running, reader, Tally.expecting(samples.size()));
                screen.summary(tally, Duration.ofNanos(System.nanoTime() - begin));
                if (options.keepRunning()) {
                    sayWhere(broker, webUi);
                    showForEver(running, reader, tally);
                }
                return tally.missing() == 0;
            }
        }
    }

    private EnrichmentJob job(KafkaConnection kafka) {
        RecordSource.End end = options.keepRunning() ? RecordSource.End.NEVER : RecordSource.End.NEWEST;
        RecordSource input = new RecordSource(INPUT, "flink-llama-demo", START, end);
        return new EnrichmentJob("demo", kafka, input, OUTPUTS, options.plan());
    }

    private StreamExecutionEnvironment environment(Configuration configuration) {
        return options.keepRunning()
                ? StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(configuration)
                : StreamExecutionEnvironment.createLocalEnvironment(configuration);
    }

    private static int createTopics(EnrichmentJob job) {
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(job.topics(), 1);
            return cluster.transactionTimeout();
        }
    }

    private static void feed(KafkaConnection kafka, List<SampleDocument> samples) {
        try (RecordFeed feed = new RecordFeed(kafka, INPUT)) {
            for (SampleDocument sample : samples) {
                feed.send(sample.id().getBytes(StandardCharsets.UTF_8), sample.line(), Map.of());
            }
            feed.flush();
        }
    }

    /// Shows results until every record has come out, or the job has ended and nothing comes any more.
    private Tally show(LocalJob job, CommittedReader reader, Tally tally) throws IOException, InterruptedException {
        Tally current = tally;
        while (current.missing() > 0) {
            boolean ended = job.ended(Duration.ZERO);
            List<InputRecord> records = reader.poll(ended ? LAST_PATIENCE : PATIENCE);
            if (ended && records.isEmpty()) {
                return current;
            }
            current = show(records, current);
        }
        return current;
    }

    private void showForEver(LocalJob job, CommittedReader reader, Tally tally)
            throws IOException, InterruptedException {
        Tally current = tally;
        while (!job.ended(Duration.ZERO)) {
            current = show(reader.poll(PATIENCE), current);
        }
    }

    private Tally show(List<InputRecord> records, Tally tally) throws IOException {
        Tally current = tally;
        for (InputRecord record : records) {
            if (record.getTopic().equals(OUTPUTS.deadLetters())) {
                screen.deadLetter(headers(record));
                current = current.withDeadLetter();
            } else {
                JsonNode enrichment = JSON.readTree(bytes(record.getValue()));
                String id = enrichment.path("documentId").asText();
                screen.enrichment(enrichment, documents.getOrDefault(id, new SampleDocument(id, "", "", new byte[0])));
                JsonNode provenance = enrichment.path("provenance");
                current = current.withEnrichment(
                        provenance.path("promptTokens").asInt(),
                        provenance.path("completionTokens").asInt());
            }
        }
        return current;
    }

    private void sayWhere(LocalBroker broker, String webUi) {
        progress.println();
        progress.println("Still running; stop it with Ctrl-C.");
        progress.println("  Kafka         " + broker.bootstrapServers());
        progress.println("  topics        " + INPUT + " → " + OUTPUTS.enrichments() + ", " + OUTPUTS.deadLetters());
        progress.println("  Flink web UI  " + webUi);
        progress.println("What is written to '" + INPUT + "', one JSON document a record, is enriched and shown here.");
    }

    private static Map<String, String> headers(InputRecord record) {
        Map<String, String> headers = new HashMap<>();
        for (InputHeader header : record.getHeaders()) {
            headers.put(
                    header.getName(),
                    header.getValue() == null
                            ? ""
                            : StandardCharsets.UTF_8
                                    .decode(header.getValue().duplicate())
                                    .toString());
        }
        return headers;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
