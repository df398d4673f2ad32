package org.flinkllama.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.download.FileServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes of one machine that want the same file at the same time.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class HostFilesITCase {
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    private FileServer server;
    private byte[] model;

    @BeforeEach
    void serve() throws IOException {
        model = Files.readAllBytes(BundledModel.file());
        server = new FileServer(model).holdOnce(500_000);
    }

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
        server.close();
    }

    @Test
    void fetchOnceWhatTwoProcessesWant() throws Exception {
        Process one = start("one");
        Process other = start("other");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> (said("one") + said("other")).contains("begins with")
                        && (said("one") + said("other")).contains("waits for another"));
        server.release();

        assertThat(one.waitFor()).as(said("one")).isZero();
        assertThat(other.waitFor()).as(said("other")).isZero();
        assertThat(said("one").lines().toList().getLast())
                .isEqualTo(said("other").lines().toList().getLast());
        assertThat(Path.of(said("one").lines().toList().getLast())).hasBinaryContent(model);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void goOnWhereAKilledProcessStopped() throws Exception {
        Process killed = start("killed");
        await().atMost(Duration.ofMinutes(1)).until(() -> server.requests().size() == 1 && part().isPresent());
        start("next");
        await().atMost(Duration.ofMinutes(1)).until(() -> said("next").contains("waits for another"));
        killed.destroyForcibly().waitFor();

        assertThat(processes.getLast().waitFor()).as(said("next")).isZero();
        assertThat(Path.of(said("next").lines().toList().getLast())).hasBinaryContent(model);
        assertThat(server.requests().getLast()).containsKey("range");
    }

    private Process start(String name) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FetchingProcess.class.getName(),
                        folder.resolve("models").toString(),
                        server.address("/tiny.gguf"),
                        GgufFile.sha256(BundledModel.file()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private java.util.Optional<Path> part() throws IOException {
        try (var files = Files.walk(folder.resolve("models"))) {
            return files.filter(file ->
                            file.toString().endsWith(".part") && file.toFile().length() > 0)
                    .findFirst();
        }
    }

    private String said(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }
}
