package org.flinkllama.jobs.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ChatSessionTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter notes = new StringWriter();
    private final EchoPartner partner = new EchoPartner();

    @TempDir
    private Path folder;

    /// Says what it hears, in two parts.
    private static final class EchoPartner implements ChatPartner {
        private final List<Turn> heard = new ArrayList<>();

        @Override
        public void answer(Turn turn, ReplyScreen screen) {
            heard.add(turn);
            if (turn.getKind() == TurnKind.MESSAGE) {
                screen.print(reply(turn, 0, false, "You said", Map.of()));
                screen.print(reply(turn, 1, true, "You said " + turn.getText(), Map.of("reply", FinishReason.STOP)));
            } else {
                screen.print(reply(turn, 0, true, "", Map.of()));
            }
        }

        private static Reply reply(Turn turn, int part, boolean last, String text, Map<String, FinishReason> reasons) {
            Provenance provenance = new Provenance("echo", "", "", Map.of(), 0, 0, reasons, null);
            return new Reply(
                    turn.getConversationId(),
                    turn.getTurnId(),
                    part,
                    last,
                    text,
                    2,
                    0,
                    0,
                    turn.getTenant(),
                    provenance);
        }

        @Override
        public void close() {}
    }

    private ChatSession session() {
        return new ChatSession(
                partner, new ChatSession.Names("c", "north", "s"), new PrintWriter(out), new PrintWriter(notes), "");
    }

    private void type(String... lines) throws Exception {
        session().run(new BufferedReader(new StringReader(String.join("\n", lines))));
    }

    @Test
    void makesATurnOfEachLineUntilTheyEnd() throws Exception {
        type("hello", "", "  again ");

        assertThat(partner.heard).extracting(Turn::getText).containsExactly("hello", "again");
        assertThat(partner.heard).extracting(Turn::getTurnId).containsExactly("s-0", "s-1");
        assertThat(partner.heard).extracting(Turn::getTenant).containsOnly("north");
        assertThat(out.toString().lines()).containsExactly("You said hello", "You said again");
        assertThat(notes.toString()).contains("2 earlier turns no longer fit");
    }

    @Test
    void resetsAndEndsTheConversation() throws Exception {
        type("/reset", "/end", "never said");

        assertThat(partner.heard).extracting(Turn::getKind).containsExactly(TurnKind.RESET, TurnKind.END);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void bringsADocumentWithTheNextTurnAlone() throws Exception {
        Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear all.");
        type("/document " + letter, "hello", "again");

        assertThat(partner.heard).extracting(Turn::getDocumentText).containsExactly("Dear all.", null);
        assertThat(partner.heard.getFirst().getDocumentId()).isEqualTo("letter.txt");
    }

    @Test
    void saysWhatIsWrongAndGoesOn() throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
        type(
                "/document",
                "/document " + folder.resolve("missing"),
                "hello",
                "/document " + binary,
                "hello",
                "/nonsense",
                "/help",
                "hello");

        assertThat(partner.heard).hasSize(1);
        assertThat(notes.toString())
                .contains(
                        "Say which file",
                        "does not exist; nothing was said",
                        "no text in UTF-8",
                        "'/nonsense'",
                        "/reset");
    }

    @Test
    void endsWhenItIsInterruptedWhileNobodyTypes() throws Exception {
        try (PipedReader silence = new PipedReader(new PipedWriter())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> session().run(new BufferedReader(silence)))
                    .isInstanceOf(InterruptedException.class);
        }
    }
}
