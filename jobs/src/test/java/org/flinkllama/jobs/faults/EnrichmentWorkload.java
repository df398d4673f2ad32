package org.flinkllama.jobs.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.CustomPrompt;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.TokenLimits;
import org.flinkllama.schemas.v1.InputRecord;

/// Enrichment with the bundled model: several versions of each document, whose order must be kept, and among them
/// records that are refused where they are read and others that are refused where they are worked on.
///
/// Texts are drawn at a temperature at which any token is as likely as any other, for two reasons: the small model
/// hardly ever ends before its limit, and a draw that is not the same draw after a restart shows at once.
record EnrichmentWorkload(int documents, int versions) implements Workload {
    private static final int UNREADABLE_EVERY = 20;
    private static final int TOO_LONG_EVERY = 25;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String input() {
        return "documents";
    }

    @Override
    public int records() {
        return documents * versions;
    }

    @Override
    public void feed(KafkaConnection kafka) {
        try (RecordFeed feed = new RecordFeed(kafka, input())) {
            for (int record = 0; record < records(); record++) {
                String id = "document-" + record % documents;
                String value = record % UNREADABLE_EVERY == UNREADABLE_EVERY - 1 ? "no JSON" : document(id, record);
                feed.send(bytes(id), bytes(value), Map.of("number", Integer.toString(record)));
            }
            feed.flush();
        }
    }

    private static String document(String id, int record) {
        String question = record % TOO_LONG_EVERY == TOO_LONG_EVERY - 1 ? "Why? ".repeat(700) : "How many?";
        return """
                {"id": "%s", "text": "The kettle number %d works well and I like it. It cost %d euros in May.",
                 "questions": ["%s"]}""".formatted(id, record, 20 + record, question);
    }

    @Override
    public List<String> outputs(String run) {
        return List.of(run + "-enrichments", run + "-refused");
    }

    @Override
    public Configuration configuration() {
        return TopicJob.configuration(Duration.ofMillis(500));
    }

    @Override
    public void build(
            StreamExecutionEnvironment environment, KafkaConnection kafka, String run, int transactionTimeout) {
        List<String> topics = outputs(run);
        new EnrichmentJob(
                        run,
                        kafka,
                        new RecordSource(input(), run, RecordSource.Start.EARLIEST, RecordSource.End.NEVER),
                        new Outputs(topics.get(0), RecordFormat.JSON, topics.get(1)),
                        plan())
                .build(environment, transactionTimeout);
    }

    private static EnrichmentPlan plan() {
        EnrichmentOptions options = EnrichmentOptions.DEFAULT
                .withAssignment(Assignment.DEFAULT
                        .withTasks(EnumSet.of(Assignment.Task.ANSWERS))
                        .withPrompts(List.of(
                                new CustomPrompt("story", "Tell a long story about it."),
                                new CustomPrompt("review", "Write a long review of it."))))
                .withMaxTokens(new TokenLimits(16, 16, 80))
                .withSampling(new SamplingOptions(50, 0, 1, 0, 1, 7));
        try {
            return EnrichmentPlan.of(
                    RecordFormat.JSON.documentReader(),
                    options,
                    ReplicaOptions.of(BundledModel.file()).withThreads(1));
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
            JsonNode source =
                    JSON.readTree(text(output.getValue())).path("provenance").path("source");
            return Origin.whole(
                    source.path("partition").asInt(), source.path("offset").asLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }
}
