package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command on the bundled model, with lines from a pipe.
@Timeout(60)
class ChatCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String typed, String... arguments) {
        InputStream terminal = System.in;
        System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
        try {
            return Main.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(arguments);
        } finally {
            System.setIn(terminal);
        }
    }

    @Test
    void answersAboutADocumentAndSaysWhatTheBundledModelIsGoodFor() throws Exception {
        Path letter = Files.writeString(
                folder.resolve("letter.txt"),
                "The harbour bridge in Port Ellery was opened again on Saturday. The works cost 31 million euros.");

        assertThat(run("How much did the works cost?\n/end\n", "chat", "--threads=1", "--document=" + letter))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("31 million euros");
        assertThat(err.toString()).contains("The bundled model is tiny");
    }

    @Test
    void refusesOptionsThatLeaveNoRoom() {
        assertThat(run("hello\n", "chat", "--max-tokens=512")).isEqualTo(2);
        assertThat(err.toString()).contains("Option 'max-tokens' is 512");
    }

    @Test
    void wantsBothTopicsWhereItIsGivenBrokers() {
        assertThat(run("", "chat", "--bootstrap-servers=127.0.0.1:1", "--input=turns"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--output");
    }

    @Test
    void readsTheSystemPromptFromAFile() throws Exception {
        assertThat(run("hello\n", "chat", "--threads=1", "--system-prompt", "@" + folder.resolve("missing.txt")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("missing.txt' does not exist");
    }

    @Test
    void refusesAnOverflowActionThatThereIsNot() {
        assertThat(run("", "chat", "--context-overflow-action=forget")).isEqualTo(2);
        assertThat(err.toString()).contains("drop-oldest, summarize, reject");
    }
}
