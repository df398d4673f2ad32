package org.flinkllama.operators.converse.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.Turn;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares that closing throws anything
class DocumentFlowTest {
    private static final TurnFormat FORMAT = TurnFormat.of(RecordFormat.JSON);
    private static final DocumentLookup LOOKUP = new DocumentLookup(
            RecordFormat.JSON.documentReader(), 100, Duration.ofSeconds(100), Duration.ofSeconds(10));

    private static Tuple2<String, InputRecord> turn(long offset, String documentId) {
        Turn turn = Turn.newBuilder()
                .setConversationId("c")
                .setTurnId("t" + offset)
                .setText("hello")
                .setDocumentId(documentId)
                .build();
        InputHeader own = new InputHeader("trace", ByteBuffer.wrap(new byte[] {1}));
        return Tuple2.of(
                ":c",
                new InputRecord("turns", 0, offset, null, null, ByteBuffer.wrap(FORMAT.write(turn)), List.of(own)));
    }

    private static KeyedTwoInputStreamOperatorTestHarness<
                    String, Tuple3<String, String, String>, Tuple2<String, String>, Tuple3<String, String, String>>
            lookup() throws Exception {
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(new LookUpDocuments(LOOKUP)),
                request -> request.f0,
                document -> document.f0,
                Types.STRING);
    }

    private static KeyedTwoInputStreamOperatorTestHarness<
                    String, Tuple2<String, InputRecord>, Tuple3<String, String, String>, Tuple2<String, InputRecord>>
            attach() throws Exception {
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(new AttachDocuments(FORMAT)),
                turn -> turn.f0,
                answer -> answer.f0,
                Types.STRING);
    }

    @Test
    void answersARequestWithTheDocumentThatIsThereOrComes() throws Exception {
        try (var harness = lookup()) {
            harness.open();
            harness.processElement1(Tuple3.of("d", "c1", "p1"), 0);
            harness.processElement1(Tuple3.of("other", "c2", "p2"), 0);
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.processElement2(Tuple2.of("d", "text"), 0);
            harness.processElement1(Tuple3.of("d", "c3", "p3"), 0);

            assertThat(harness.extractOutputValues())
                    .containsExactly(Tuple3.of("c1", "p1", "text"), Tuple3.of("c3", "p3", "text"));
        }
    }

    @Test
    void answersWithNothingWhenPatienceIsOverAlsoAfterARestart() throws Exception {
        OperatorSubtaskState checkpoint;
        try (var harness = lookup()) {
            harness.open();
            harness.setProcessingTime(0);
            harness.processElement1(Tuple3.of("d", "c1", "p1"), 0);
            harness.setProcessingTime(9_999);
            assertThat(harness.extractOutputValues()).isEmpty();
            checkpoint = harness.snapshot(1, 1);
        }
        try (var harness = lookup()) {
            harness.initializeState(checkpoint);
            harness.open();
            harness.setProcessingTime(10_000);
            assertThat(harness.extractOutputValues()).containsExactly(Tuple3.of("c1", "p1", ""));
            harness.processElement2(Tuple2.of("d", "text"), 0);
            assertThat(harness.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void answersWithNothingAtTheEndOfTheInput() throws Exception {
        try (var harness = lookup()) {
            harness.open();
            harness.processElement1(Tuple3.of("d", "c1", "p1"), 0);
            harness.processWatermark1(Watermark.MAX_WATERMARK);
            harness.processWatermark2(Watermark.MAX_WATERMARK);
            assertThat(harness.extractOutputValues()).containsExactly(Tuple3.of("c1", "p1", ""));
        }
    }

    @Test
    void forgetsADocumentWhenItsTimeIsOver() throws Exception {
        try (var harness = lookup()) {
            harness.open();
            harness.setStateTtlProcessingTime(0);
            harness.processElement2(Tuple2.of("d", "text"), 0);
            harness.setStateTtlProcessingTime(99_000);
            harness.processElement1(Tuple3.of("d", "c1", "p1"), 0);
            harness.setStateTtlProcessingTime(190_000);
            harness.processElement1(Tuple3.of("d", "c2", "p2"), 0);
            harness.setStateTtlProcessingTime(400_000);
            harness.processElement1(Tuple3.of("d", "c3", "p3"), 0);
            assertThat(harness.extractOutputValues())
                    .extracting(answer -> answer.f0)
                    .containsExactly("c1", "c2");
        }
    }

    @Test
    void letsNoTurnOvertakeOneThatWaitsForItsDocument() throws Exception {
        OperatorSubtaskState checkpoint;
        try (var harness = attach()) {
            harness.open();
            harness.processElement1(turn(0, null), 0);
            harness.processElement1(turn(1, "d"), 0);
            harness.processElement1(turn(2, null), 0);
            harness.processElement1(turn(3, "e"), 0);
            harness.processElement2(Tuple3.of(":c", "turns/0/3", "text of e"), 0);
            assertThat(harness.extractOutputValues())
                    .extracting(turn -> turn.f1.getOffset())
                    .containsExactly(0L);
            checkpoint = harness.snapshot(1, 1);
        }
        try (var harness = attach()) {
            harness.initializeState(checkpoint);
            harness.open();
            harness.processElement2(Tuple3.of(":c", "turns/0/1", ""), 0);
            List<InputRecord> turns =
                    harness.extractOutputValues().stream().map(turn -> turn.f1).toList();
            assertThat(turns).extracting(InputRecord::getOffset).containsExactly(1L, 2L, 3L);
            assertThat(AttachedDocument.of(turns.get(0))).isEmpty();
            assertThat(AttachedDocument.of(turns.get(1))).isEmpty();
            assertThat(AttachedDocument.of(turns.get(2))).contains("text of e");
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void takesAnAnswerThatComesBeforeItsTurn() throws Exception {
        try (var harness = attach()) {
            harness.open();
            harness.processElement2(Tuple3.of(":c", "turns/0/0", "text"), 0);
            harness.processElement1(turn(0, "d"), 0);
            assertThat(harness.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void returnsARecordWithTheHeadersThatItCameWith() throws Exception {
        InputRecord record = turn(0, "d").f1;
        InputRecord attached = AttachedDocument.attach(record, "Text \uD83D\uDE00");
        assertThat(AttachedDocument.of(attached)).contains("Text \uD83D\uDE00");
        DeadLetter letter = AttachedDocument.detach(new DeadLetter(attached, Stage.PROMPT, "x.Rule", "No."));

        assertThat(letter.getRecord()).isEqualTo(record);
        AttachedDocument.refuse(record);
        assertThatThrownBy(() -> AttachedDocument.refuse(attached))
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("flink-llama.attached-document");
    }
}
