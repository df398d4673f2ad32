package org.flinkllama.operators.format.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationFormatsTest {
    private static InputRecord record(byte[] value) {
        return new InputRecord("t", 0, 0L, null, null, value == null ? null : ByteBuffer.wrap(value), List.of());
    }

    private static Turn read(String json) throws RecordRejectedException {
        return TurnFormat.of(RecordFormat.JSON).read(record(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Rejection refused(RecordFormat format, byte[] value) {
        return catchThrowableOfType(RecordRejectedException.class, () -> TurnFormat.of(format)
                        .read(record(value)))
                .rejection();
    }

    private static Reply reply(Map<String, String> options) {
        return new Reply(
                "c",
                "t",
                3,
                true,
                "Grüße \uD83D\uDE00 \"quoted\"\n",
                1,
                2,
                3,
                "acme",
                new Provenance(
                        "model",
                        "ab",
                        "profile/1",
                        options,
                        10,
                        20,
                        Map.of("reply", FinishReason.LENGTH),
                        new SourcePosition("turns", 1, 2L)));
    }

    @ParameterizedTest
    @EnumSource
    void writesTurnsThatItReadsBackAsTheyWere(RecordFormat format) throws Exception {
        Turn least = Turn.newBuilder().setConversationId("c").setTurnId("t").build();
        Turn most = new Turn(
                "c\n",
                "\uD83D\uDE00",
                TurnKind.END,
                "text",
                "acme",
                "d",
                "words",
                Instant.ofEpochMilli(1_700_000_000_123L));
        for (Turn turn : List.of(least, most)) {
            TurnFormat turns = TurnFormat.of(format);
            assertThat(turns.read(record(turns.write(turn)))).isEqualTo(turn);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesRepliesThatItReadsBackAsTheyWere(RecordFormat format) throws Exception {
        ReplyFormat replies = ReplyFormat.of(format);
        Reply reply = reply(Map.of("seed", "1"));
        assertThat(replies.read(record(replies.write(reply)))).isEqualTo(reply);
    }

    @ParameterizedTest
    @EnumSource
    void writesEqualRepliesAsEqualBytesWhateverTheOrderOfTheirMaps(RecordFormat format) {
        Map<String, String> few = new HashMap<>(1);
        Map<String, String> many = new HashMap<>(1024);
        for (int option = 0; option < 40; option++) {
            few.put("option" + option, "x");
            many.put("option" + (39 - option), "x");
        }
        ReplyFormat replies = ReplyFormat.of(format);
        assertThat(replies.write(reply(few))).isEqualTo(replies.write(reply(many)));
    }

    @Test
    void takesAKindInAnyCaseAndAMissingOneForAMessage() throws Exception {
        assertThat(read("{\"conversationId\":\"c\",\"turnId\":\"t\"}").getKind())
                .isEqualTo(TurnKind.MESSAGE);
        assertThat(read("{\"conversationId\":\"c\",\"turnId\":\"t\",\"kind\":\"reset\"}")
                        .getKind())
                .isEqualTo(TurnKind.RESET);
        assertThat(read("{\"conversationId\":\"c\",\"turnId\":\"t\",\"kind\":\"shout\"}")
                        .getKind())
                .isEqualTo(TurnKind.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"turnId\":\"t\"}",
                "{\"conversationId\":\"c\"}",
                "{\"conversationId\":1,\"turnId\":\"t\"}",
                "{\"conversationId\":\"c\",\"turnId\":\"t\",\"txet\":\"canary\"}",
                "{\"conversationId\":\"c\",\"turnId\":\"t\",\"text\":[\"canary\"]}",
                "{\"conversationId\":\"c\",\"turnId\":\"t\",\"turnId\":\"canary\"}",
                "{\"conversationId\":\"c\",\"turnId\":\"t\"} canary"
            })
    void refusesWhatIsNoTurnWithoutQuotingIt(String json) {
        Rejection rejection = refused(RecordFormat.JSON, json.getBytes(StandardCharsets.UTF_8));
        assertThat(rejection.stage()).isEqualTo(Stage.DECODE);
        assertThat(rejection.message()).doesNotContain("canary");
    }

    @Test
    void refusesDamagedAvro() {
        byte[] whole = TurnFormat.of(RecordFormat.AVRO)
                .write(Turn.newBuilder().setConversationId("c").setTurnId("t").build());
        for (int length = 0; length < whole.length; length++) {
            assertThat(refused(RecordFormat.AVRO, Arrays.copyOf(whole, length)).stage())
                    .isEqualTo(Stage.DECODE);
        }
        assertThat(refused(RecordFormat.AVRO, null).message()).contains("expected a turn");
    }

    @Test
    void refusesWhatIsNoReply() {
        for (String json : List.of("", "[]", "{}", "{\"conversationId\":\"c\"}")) {
            assertThat(catchThrowableOfType(RecordRejectedException.class, () -> ReplyFormat.of(RecordFormat.JSON)
                            .read(record(json.getBytes(StandardCharsets.UTF_8)))))
                    .isNotNull();
        }
    }
}
