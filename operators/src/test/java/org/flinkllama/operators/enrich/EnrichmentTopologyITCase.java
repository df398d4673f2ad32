package org.flinkllama.operators.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.enrich.EnrichmentTopology.Results;
import org.flinkllama.operators.format.JsonDocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole topology in a cluster of this process, with the bundled model.
@Timeout(180)
class EnrichmentTopologyITCase {
    private static final EnrichmentOptions OPTIONS = EnrichmentOptions.DEFAULT.withAssignment(
            Assignment.DEFAULT.withQuestions(List.of("Where was it bought?", "What did it cost?")));
    private static final List<String> SHOPS = List.of("Turin", "Oslo", "Lima", "Kyoto", "Graz", "Porto", "Cairo");

    @Test
    void enrichesEveryRecordOnceAcrossAFailure() throws Exception {
        List<InputRecord> records = new ArrayList<>();
        for (int document = 0; document < 60; document++) {
            String shop = SHOPS.get(document % SHOPS.size());
            records.add(SampleRecords.document(
                    document,
                    "id-" + document % 50,
                    "I bought this kettle in " + shop + " last week. It cost $" + (20 + document)
                            + ". The lid broke on the second day and I am very disappointed."));
        }
        records.add(SampleRecords.record(60, "no json".getBytes(StandardCharsets.UTF_8)));
        records.add(SampleRecords.document(61, "id-61", " "));

        Run calm = run(records, Integer.MAX_VALUE);
        Run broken = run(records, 45);

        assertThat(broken.offsets()).hasSize(60).doesNotHaveDuplicates();
        assertThat(broken.enrichments()).isEqualTo(calm.enrichments());
        assertThat(broken.deadLetters())
                .extracting(DeadLetter::getStage)
                .containsExactlyInAnyOrder(Stage.DECODE, Stage.VALIDATE);
        assertThat(broken.restarts()).isPositive();
        Set<String> answers = new HashSet<>();
        for (Enrichment enrichment : calm.results()) {
            assertThat(enrichment.getSummary().getText()).isNotBlank();
            assertThat(enrichment.getSentiment().getLabel()).isEqualTo("negative");
            answers.add(enrichment.getAnswers().getFirst().getText());
        }
        assertThat(answers).contains("Turin", "Oslo", "Lima");
    }

    private record Run(List<Enrichment> results, List<DeadLetter> deadLetters, int restarts) {
        private List<Long> offsets() {
            return results.stream()
                    .map(enrichment -> enrichment.getProvenance().getSource().getOffset())
                    .toList();
        }

        /// As they are written, in order of their records.
        private List<String> enrichments() {
            return results.stream()
                    .sorted(Comparator.comparing(
                            enrichment -> enrichment.getProvenance().getSource().getOffset()))
                    .map(enrichment ->
                            new String(RecordFormat.JSON.enrichmentWriter().write(enrichment), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    @SuppressWarnings("try") // Flink's iterators declare that closing throws anything
    private static Run run(List<InputRecord> records, int failAt) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        BreakOnce.seen.set(0);
        BreakOnce.broken.set(0);
        DataStream<InputRecord> source = environment
                .fromData(records, new AvroTypeInfo<>(InputRecord.class))
                .uid("records");
        Results results = EnrichmentTopology.enrich(source, plan());
        DataStream<Enrichment> enrichments = results.enrichments()
                .map(new BreakOnce(failAt))
                .returns(new AvroTypeInfo<>(Enrichment.class))
                .uid("break-once");
        try (var collected = enrichments.collectAsync();
                var rejected = results.deadLetters().collectAsync()) {
            environment.executeAsync("enrich");
            return new Run(listed(collected), listed(rejected), BreakOnce.broken.get());
        }
    }

    private static EnrichmentPlan plan() throws IOException {
        return EnrichmentPlan.of(
                new JsonDocumentReader(),
                OPTIONS,
                ReplicaOptions.of(BundledModel.file()).withThreads(1));
    }

    private static <T> List<T> listed(Iterator<T> iterator) {
        List<T> list = new ArrayList<>();
        iterator.forEachRemaining(list::add);
        return list;
    }

    /// Fails the job at one of the enrichments, the first time.
    private static final class BreakOnce implements MapFunction<Enrichment, Enrichment> {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger seen = new AtomicInteger();
        private static final AtomicInteger broken = new AtomicInteger();

        private final int failAt;

        private BreakOnce(int failAt) {
            this.failAt = failAt;
        }

        @Override
        public Enrichment map(Enrichment enrichment) {
            if (seen.incrementAndGet() == failAt) {
                broken.incrementAndGet();
                throw new IllegalStateException("Scripted to fail.");
            }
            return enrichment;
        }
    }
}
