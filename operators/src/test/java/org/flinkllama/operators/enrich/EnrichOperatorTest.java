package org.flinkllama.operators.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.format.JsonDocumentReader;
import org.flinkllama.operators.inference.InferenceOperatorFactory;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.replica.ReplicaSource;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.Assignment.Task;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.PromptChoice;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EnrichOperatorTest {
    private static final EnrichmentOptions SENTIMENT =
            EnrichmentOptions.DEFAULT.withAssignment(Assignment.DEFAULT.withTasks(Set.of(Task.SENTIMENT)));

    private final ScriptedReplica.Source source = new ScriptedReplica.Source(new ScriptedModel(), false, 4);
    private final List<Harness> harnesses = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Harness harness : harnesses) {
            harness.close();
        }
    }

    @Test
    void worksOnSeveralDocumentsAtOnceAndLetsTheRestWait() throws Exception {
        Harness harness = opened(SENTIMENT, 2);
        harness.document("a", "first");
        harness.document("b", "second");
        harness.document("c", "third");

        assertThat(source.current().open()).hasSize(2);
        harness.answer("second");

        assertThat(harness.ids()).containsExactly("b");
        assertThat(source.current().open()).anyMatch(prompt -> prompt.contains("third"));
        harness.answer("");
        assertThat(harness.ids()).containsExactly("b", "c", "a");
    }

    @Test
    void worksOnDocumentsOfOneIdInTheirOrder() throws Exception {
        Harness harness = opened(SENTIMENT, 8);
        harness.document("a", "first");
        harness.document("a", "second");
        harness.document("b", "third");

        assertThat(source.current().open()).hasSize(2).noneMatch(prompt -> prompt.contains("second"));
        harness.answer("third");
        harness.answer("first");
        harness.answer("second");

        assertThat(harness.offsets()).containsExactly(2L, 0L, 1L);
    }

    @Test
    void letsNoWatermarkOvertakeADocument() throws Exception {
        Harness harness = opened(SENTIMENT, 8);
        harness.document("a", "first");
        harness.processWatermark(1000);
        harness.document("b", "second");
        harness.processWatermark(2000);
        harness.processWatermarkStatus(WatermarkStatus.IDLE);

        harness.answer("second");
        assertThat(harness.sent()).containsExactly("b");
        harness.answer("first");

        assertThat(harness.sent())
                .containsExactly("b", "a", new Watermark(1000), new Watermark(2000), WatermarkStatus.IDLE);
    }

    @Test
    void asksForEveryTenantInAScopeOfItsOwn() throws Exception {
        Harness harness = opened(SENTIMENT, 8);
        harness.document("a", "first");
        for (String tenant : List.of("north", "south", "north")) {
            String json = "{\"id\": \"b\", \"text\": \"next\", \"tenant\": \"" + tenant + "\"}";
            harness.processElement(new StreamRecord<>(Tuple2.of(tenant, SampleRecords.record(json))));
            harness.runMails();
        }
        List<String> scopes =
                ((ScriptedReplica.Source) harness.plan.replica()).current().scopes();
        assertThat(scopes).containsExactly("no tenant", "tenant north", "tenant south");
        harness.answer("");
        harness.answer("");
    }

    @Test
    void givesAnEnrichmentTheTimestampOfItsRecord() throws Exception {
        Harness harness = opened(SENTIMENT, 8);
        harness.document("a", "first");
        harness.processElement(new StreamRecord<>(Tuple2.of("b", SampleRecords.document(9, "b", "second"))));
        harness.answer("");

        List<StreamRecord<? extends Enrichment>> records = harness.extractOutputStreamRecords();
        assertThat(records.get(1).getTimestamp()).isEqualTo(500);
        assertThat(records.get(0).hasTimestamp()).isFalse();
    }

    @Test
    void worksOnEveryDocumentOnceAcrossAFailure() throws Exception {
        Harness before = opened(SENTIMENT, 2);
        before.document("a", "first");
        before.document("b", "second");
        before.document("c", "third");
        before.document("a", "fourth");
        before.answer("second");
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);
        before.answer("first");
        assertThat(before.ids()).containsExactly("b", "a");
        before.close();

        Harness after = restored(SENTIMENT, 1, 0, checkpoint);
        assertThat(source.current().open()).hasSize(1);
        after.document("d", "fifth");
        for (int round = 0; round < 4; round++) {
            after.answer("");
        }

        assertThat(after.ids()).containsExactly("a", "c", "a", "d");
        assertThat(after.numKeyedStateEntries()).isZero();
        assertThat(after.extractOutputStreamRecords().getFirst().getTimestamp()).isEqualTo(500);
    }

    @Test
    void takesWhatIsInFlightAlongWhenItIsRescaled() throws Exception {
        Harness before = opened(SENTIMENT, 5);
        for (int document = 0; document < 20; document++) {
            before.document("id-" + document, "text " + document);
        }
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        List<String> ids = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            Harness after = restored(SENTIMENT, 2, subtask, checkpoint);
            for (int round = 0; round < 20; round++) {
                after.answer("");
            }
            assertThat(after.ids()).isNotEmpty();
            ids.addAll(after.ids());
        }

        assertThat(ids).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void sendsAFailedInferenceToTheDeadLettersAndHarmsNoNeighbour() throws Exception {
        source.model.failsAt("second");
        Harness harness = opened(SENTIMENT, 8);
        harness.document("a", "first");
        harness.document("b", "second");
        harness.document("b", "third");
        harness.processWatermark(1000);

        harness.answer("");
        harness.answer("");

        assertThat(harness.ids()).containsExactlyInAnyOrder("a", "b");
        assertThat(harness.sent()).last().isEqualTo(new Watermark(1000));
        DeadLetter deadLetter = harness.deadLetters().getFirst();
        assertThat(deadLetter.getStage()).isEqualTo(Stage.INFERENCE);
        assertThat(deadLetter.getMessage()).isEqualTo("Task 'sentiment' failed: Scripted to fail.");
        assertThat(deadLetter.getRecord()).isEqualTo(SampleRecords.document(1, "b", "second"));
    }

    @Test
    void sendsADocumentOfWhichNoPromptCanBeMadeToTheDeadLetters() throws Exception {
        EnrichmentOptions wordy = EnrichmentOptions.DEFAULT.withAssignment(
                Assignment.DEFAULT.withTasks(Set.of(Task.ANSWERS)).withQuestions(List.of("why ".repeat(600))));
        Harness harness = opened(wordy, 1);

        for (int document = 0; document < 100; document++) {
            harness.document("a", "text " + document);
        }

        assertThat(harness.deadLetters()).hasSize(100).allMatch(letter -> letter.getStage() == Stage.PROMPT);
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void judgesRestoredDocumentsByTheOptionsOfNow() throws Exception {
        Harness before = opened(SENTIMENT, 2);
        before.document("a", "a text of twenty-four ch");
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        Harness after = restored(SENTIMENT.withMaxDocumentCharacters(10), 1, 0, checkpoint);

        assertThat(after.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.getMessage())
                .contains("has 24 characters; expected at most 10"));
    }

    @Test
    void givesALongDocumentAFewRequestsAtATime() throws Exception {
        EnrichmentOptions questions = EnrichmentOptions.DEFAULT.withAssignment(Assignment.DEFAULT
                .withTasks(Set.of(Task.ANSWERS))
                .withQuestions(List.of("1?", "2?", "3?", "4?", "5?", "6?")));
        source.model.says("", "text", 0.5);
        Harness harness = opened(questions, 2);
        harness.document("a", "text");

        assertThat(source.current().open()).hasSize(4);
        harness.answer("1?");
        assertThat(source.current().open()).hasSize(4).anyMatch(prompt -> prompt.contains("5?"));
        harness.answer("");
        harness.answer("");

        assertThat(harness.extractOutputValues().getFirst().getAnswers()).hasSize(6);
    }

    @Test
    void finishesEveryDocumentWhenTheInputEnds() throws Exception {
        ScriptedReplica.Source answering = new ScriptedReplica.Source(new ScriptedModel(), true, 4);
        Harness harness = harness(plan(SENTIMENT, answering, 2), 1, 0);
        harness.open();
        for (int document = 0; document < 50; document++) {
            harness.document("id-" + document % 7, "text " + document);
        }

        harness.processWatermark(Watermark.MAX_WATERMARK);
        harness.endInput();

        assertThat(harness.ids()).hasSize(50);
        assertThat(harness.sent()).last().isEqualTo(Watermark.MAX_WATERMARK);
    }

    @Test
    void failsTheTaskWhenItsReplicaBreaksAndKeepsTheDocuments() throws Exception {
        Harness harness = opened(SENTIMENT, 2);
        harness.document("a", "first");
        source.current().breakDown("The engine broke.");

        assertThatThrownBy(harness::runMails)
                .isInstanceOf(ReplicaException.class)
                .hasMessage("The engine broke.");
        assertThat(harness.deadLetters()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    }

    @Test
    void closesItsReplica() throws Exception {
        Harness harness = opened(SENTIMENT, 2);
        harness.document("a", "first");

        harness.close();

        assertThat(source.current().isClosed()).isTrue();
    }

    @Test
    void failsAtTheStartWhereModelOrTemplateCannotBeUsed() throws Exception {
        ReplicaOptions missing = ReplicaOptions.of(Path.of("nowhere.gguf"));
        Harness harness = harness(EnrichmentPlan.of(new JsonDocumentReader(), SENTIMENT, missing), 1, 0);
        assertThatThrownBy(harness::open)
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("Model 'nowhere.gguf' does not exist");

        EnrichmentOptions options = SENTIMENT.withPrompting(new PromptChoice("auto", "vicuna"));
        Harness other = harness(plan(options, source, 2), 1, 0);
        assertThatThrownBy(other::open)
                .rootCause()
                .hasMessageContaining("Option 'chat-template' is 'vicuna'; expected auto or one of");
    }

    private Harness opened(EnrichmentOptions options, int maxInFlight) throws Exception {
        Harness harness = harness(plan(options, source, maxInFlight), 1, 0);
        harness.open();
        return harness;
    }

    private Harness restored(EnrichmentOptions options, int parallelism, int subtask, OperatorSubtaskState checkpoint)
            throws Exception {
        Harness harness = harness(plan(options, source, 1), parallelism, subtask);
        harness.initializeState(KeyedOneInputStreamOperatorTestHarness.repartitionOperatorState(
                checkpoint, 128, 1, parallelism, subtask));
        harness.open();
        return harness;
    }

    private static EnrichmentPlan plan(EnrichmentOptions options, ReplicaSource replica, int maxInFlight) {
        return EnrichmentPlan.of(new JsonDocumentReader(), options, replica).withMaxInFlight(maxInFlight);
    }

    private Harness harness(EnrichmentPlan plan, int parallelism, int subtask) throws Exception {
        Harness harness = new Harness(plan, parallelism, subtask);
        harnesses.add(harness);
        return harness;
    }

    /// The operator in a task without a cluster. Mails run when the test says so.
    @SuppressWarnings("try") // Flink's harness declares that closing throws anything
    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<String, Tuple2<String, InputRecord>, Enrichment> {
        private final EnrichmentPlan plan;
        private long offset;

        private Harness(EnrichmentPlan plan, int parallelism, int subtask) throws Exception {
            super(
                    new InferenceOperatorFactory<>(plan.operator()),
                    record -> record.f0,
                    Types.STRING,
                    128,
                    parallelism,
                    subtask);
            this.plan = plan;
        }

        private void document(String id, String text) throws Exception {
            InputRecord record = SampleRecords.document(offset++, id, text);
            processElement(new StreamRecord<>(Tuple2.of(id, record), 500));
        }

        /// Answers open requests with these words and takes the outcomes in.
        private void answer(String words) throws Exception {
            ((ScriptedReplica.Source) plan.replica()).current().answer(words);
            runMails();
        }

        private void runMails() throws Exception {
            for (Optional<Mail> mail = getTaskMailbox().tryTake(0);
                    mail.isPresent();
                    mail = getTaskMailbox().tryTake(0)) {
                mail.get().run();
            }
        }

        private List<String> ids() {
            return extractOutputValues().stream().map(Enrichment::getDocumentId).toList();
        }

        private List<Long> offsets() {
            return extractOutputValues().stream()
                    .map(enrichment -> enrichment.getProvenance().getSource().getOffset())
                    .toList();
        }

        /// Document ids, watermarks and statuses in the order they were sent.
        private List<Object> sent() {
            return getOutput().stream()
                    .map(element -> element instanceof StreamRecord<?> record
                            ? (Object) ((Enrichment) record.getValue()).getDocumentId()
                            : element)
                    .toList();
        }

        private List<DeadLetter> deadLetters() {
            var letters = getSideOutput(InferenceTopology.DEAD_LETTERS);
            return letters == null
                    ? List.of()
                    : letters.stream().map(StreamRecord::getValue).toList();
        }
    }
}
