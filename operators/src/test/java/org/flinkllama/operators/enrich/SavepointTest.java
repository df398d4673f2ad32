package org.flinkllama.operators.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.format.JsonDocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.inference.InferenceHarness;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.Assignment.Task;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Savepoints of every version load in this one, and the work in them ends with the bytes of a job that was never
/// stopped.
@Timeout(60)
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
class SavepointTest {
    private static final EnrichmentOptions OPTIONS = EnrichmentOptions.DEFAULT.withAssignment(
            Assignment.DEFAULT.withTasks(Set.of(Task.SENTIMENT, Task.ANSWERS)).withQuestions(List.of("What is it?")));

    private final List<InferenceHarness<Enrichment>> harnesses = new ArrayList<>();
    private List<String> expected;

    @BeforeEach
    void runUndisturbed() throws Exception {
        InferenceHarness<Enrichment> undisturbed = harness();
        undisturbed.open();
        process(undisturbed);
        expected = finish(undisturbed);
        assertThat(expected).hasSize(4);
    }

    @AfterEach
    void close() throws Exception {
        for (InferenceHarness<Enrichment> harness : harnesses) {
            harness.close();
        }
    }

    @Test
    void loadsWhatTheFirstVersionWrote() throws Exception {
        assertThat(finish(restored(read("documents-1"), 1, 0))).isEqualTo(expected);
    }

    @Test
    void loadsWhatTheVersionWithJournalsWroteAndGoesOnFromThere() throws Exception {
        InferenceHarness<Enrichment> harness = restored(read("documents-2"), 1, 0);

        assertThat(finish(harness)).isEqualTo(expected);
        assertThat(harness.counter("resumedTokens")).isPositive();
    }

    @Test
    void loadsThemWithSeveralSubtasks() throws Exception {
        for (String file : List.of("documents-1", "documents-2")) {
            List<String> all = new ArrayList<>();
            for (int subtask = 0; subtask < 3; subtask++) {
                all.addAll(finish(restored(read(file), 3, subtask)));
            }
            assertThat(all).as(file).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void loadsWhatThisVersionWrites() throws Exception {
        InferenceHarness<Enrichment> before = harness();
        before.open();
        process(before);
        before.answer("Classify the sentiment");
        before.generate("What is it?", 1);
        assertThat(before.sent()).isEmpty();
        OperatorSubtaskState state = before.snapshotWithLocalState(
                        1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                .getJobManagerOwnedState();
        Path file = Path.of("target", "documents.savepoint");
        OperatorSnapshotUtil.writeStateHandle(state, file.toString());

        InferenceHarness<Enrichment> after = restored(OperatorSnapshotUtil.readStateHandle(file.toString()), 1, 0);
        assertThat(finish(after)).isEqualTo(expected);
        assertThat(after.counter("resumedTokens")).isPositive();
    }

    private static List<InputRecord> records() {
        List<InputRecord> records = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "a")) {
            records.add(SampleRecords.document(records.size(), id, "text " + records.size()));
        }
        return records;
    }

    private static void process(InferenceHarness<Enrichment> harness) throws Exception {
        for (InputRecord record : records()) {
            String id = new JsonDocumentReader().read(record).getId();
            harness.processElement(new StreamRecord<>(Tuple2.of(id, record), 500));
        }
    }

    /// What goes out, as it is written, in the order of the records.
    private static List<String> finish(InferenceHarness<Enrichment> harness) throws Exception {
        harness.runMails();
        while (!harness.replica().open().isEmpty()) {
            harness.answer(harness.replica().open().getFirst());
        }
        assertThat(harness.deadLetters()).isEmpty();
        return harness.extractOutputValues().stream()
                .map(enrichment -> RecordFormat.JSON.enrichmentWriter().write(enrichment))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    private static OperatorSubtaskState read(String file) throws Exception {
        return OperatorSnapshotUtil.readStateHandle(
                Path.of("src/test/resources/savepoints", file + ".savepoint").toString());
    }

    private InferenceHarness<Enrichment> restored(OperatorSubtaskState state, int parallelism, int subtask)
            throws Exception {
        InferenceHarness<Enrichment> harness = harness(parallelism, subtask);
        harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, InferenceHarness.MAX_PARALLELISM, 1, parallelism, subtask));
        harness.open();
        return harness;
    }

    private InferenceHarness<Enrichment> harness() throws Exception {
        return harness(1, 0);
    }

    private InferenceHarness<Enrichment> harness(int parallelism, int subtask) throws Exception {
        ScriptedReplica.Source source = new ScriptedReplica.Source(new ScriptedModel().says("", "text", 0.5), false, 4);
        EnrichmentPlan plan =
                EnrichmentPlan.of(new JsonDocumentReader(), OPTIONS, source).withMaxInFlight(2);
        InferenceHarness<Enrichment> harness = InferenceHarness.of(plan.operator(), parallelism, subtask);
        harnesses.add(harness);
        return harness;
    }
}
