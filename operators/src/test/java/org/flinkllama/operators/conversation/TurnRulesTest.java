package org.flinkllama.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flinkllama.operators.conversation.ConversationOptions.TurnLimits;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;
import org.junit.jupiter.api.Test;

class TurnRulesTest {
    private static final TurnLimits LIMITS = new TurnLimits(20, 30);

    private static Turn.Builder turn() {
        return Turn.newBuilder().setConversationId("c").setTurnId("t").setText("hello");
    }

    private static String refusal(Turn.Builder turn) {
        RecordRejectedException refused =
                catchThrowableOfType(RecordRejectedException.class, () -> TurnRules.check(turn.build(), LIMITS));
        assertThat(refused.rejection().stage()).isEqualTo(Stage.VALIDATE);
        return refused.getMessage();
    }

    @Test
    void acceptsMessagesAndTurnsWithoutText() {
        assertThatCode(() -> TurnRules.check(turn().build(), LIMITS)).doesNotThrowAnyException();
        assertThatCode(() -> TurnRules.check(
                        turn().setText("").setKind(TurnKind.RESET).build(), LIMITS))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        TurnRules.check(turn().setDocumentText("x".repeat(30)).build(), LIMITS))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTurnsThatBreakARuleWithoutQuotingThem() {
        assertThat(refusal(turn().setKind(TurnKind.UNKNOWN))).contains("'kind' is UNKNOWN");
        assertThat(refusal(turn().setConversationId(" "))).contains("'conversationId' is empty");
        assertThat(refusal(turn().setTurnId(""))).contains("'turnId' is empty");
        assertThat(refusal(turn().setTenant(""))).contains("'tenant' is empty");
        assertThat(refusal(turn().setTurnId("x".repeat(257)))).contains("'turnId' has 257 characters");
        assertThat(refusal(turn().setText(" "))).contains("'text' is empty");
        assertThat(refusal(turn().setText("y".repeat(21))))
                .contains("max-turn-characters")
                .doesNotContain("yy");
        assertThat(refusal(turn().setText("half \uD83D"))).contains("surrogate pair at character 5");
        assertThat(refusal(turn().setDocumentText(""))).contains("'documentText' is empty");
        assertThat(refusal(turn().setDocumentText("z".repeat(31)))).contains("max-document-characters");
    }

    @Test
    void givesNoTwoConversationsOneKey() {
        List<String> words = List.of("", ":", "1", "1:", ":1", "a", "1:a", "a:", "0:", "2:aa");
        Set<String> keys = new HashSet<>();
        for (String id : words) {
            keys.add(ConversationKey.of(null, id));
            words.forEach(tenant -> keys.add(ConversationKey.of(tenant, id)));
        }
        assertThat(keys).hasSize(words.size() * (words.size() + 1));
    }
}
