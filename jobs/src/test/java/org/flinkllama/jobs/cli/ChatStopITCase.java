package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.flinkllama.jobs.cluster.JavaCommand;
import org.flinkllama.jobs.cluster.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command in a process of its own, at a standard input on which nothing comes.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ChatStopITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Less than a command may take to put things away.
    private static final Duration NOTHING_TO_PUT_AWAY = Duration.ofSeconds(25);

    @TempDir
    private Path folder;

    @Test
    void endsWithoutATraceWhenItIsStoppedWhileNobodyTypes() throws Exception {
        JavaProcess chat = new JavaCommand(Main.class.getName(), List.of("-Xmx256m"), List.of("chat", "--threads=1"))
                .start("chat", folder.resolve("chat.txt"));
        await().atMost(PATIENCE).until(() -> Files.readString(chat.log()).contains("Give a real one"));
        assertThat(chat.stop(NOTHING_TO_PUT_AWAY)).as("code of SIGTERM").isEqualTo(143);
        assertThat(chat.log()).content().doesNotContain("\tat ", "Exception");
    }
}
