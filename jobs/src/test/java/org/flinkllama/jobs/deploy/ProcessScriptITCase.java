package org.flinkllama.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flinkllama.jobs.cluster.FlinkCommands;
import org.flinkllama.jobs.local.Loopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The image's entrypoint, without an image.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ProcessScriptITCase {
    private static final Path SCRIPT =
            Yaml.file("deploy/bin/flink-process").toAbsolutePath().normalize();

    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> ports = Loopback.freePorts(4);

    @TempDir
    private Path home;

    @BeforeEach
    void layOutAsInTheImage() throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        try (Stream<Path> files = Files.list(Yaml.file("deploy/conf"))) {
            for (Path file : files.toList()) {
                Files.copy(file, conf.resolve(file.getFileName()));
            }
        }
        Files.copy(Yaml.file("jvm.args"), home.resolve("jvm.args"));
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void startsAClusterThatTakesJobs() throws Exception {
        assertThat(health("8081", "/overview")).as("nobody listens").isFalse();
        start("jobmanager", ports.get(2));
        start("taskmanager", ports.get(3));
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> health("" + ports.get(1), "/taskmanagers") && health("" + ports.get(3), "/metrics"));
        assertThat(health("" + ports.get(1), "/no-such-page")).isFalse();
        assertThat(health("" + ports.get(2), "/metrics")).isTrue();
        ProcessBuilder submit = builder(ports.get(2), "submit", "enrich", "--help");
        submit.environment()
                .put("FLINK_LLAMA_JAR", Path.of("target", "flink-llama-job.jar").toString());
        assertThat(output(submit)).contains("Usage: flink-llama enrich");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(output(builder(0, "taskmanger"))).contains("unknown process 'taskmanger'; expected jobmanager");
        ProcessBuilder unclear = builder(0, "jobmanager");
        unclear.environment().put("FLINK_PROPERTIES", "no setting at all");
        assertThat(output(unclear)).contains("expected 'name: value'");
    }

    private void start(String process, int metricsPort) throws IOException {
        processes.add(builder(metricsPort, process)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(process + ".log").toFile())
                .start());
    }

    private boolean health(String port, String path) throws Exception {
        Process check = builder(0, "health", port, path)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return check.waitFor() == 0;
    }

    private static String output(ProcessBuilder command) throws Exception {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private ProcessBuilder builder(int metricsPort, String... words) {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("FLINK_HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("FLINK_CLASSPATH", FlinkCommands.classPath());
        builder.environment().put("FLINK_PROPERTIES", """
                jobmanager.rpc.address: 127.0.0.1
                jobmanager.rpc.port: %d
                jobmanager.bind-host: 127.0.0.1
                rest.address: 127.0.0.1
                rest.bind-address: 127.0.0.1
                rest.port: %d
                taskmanager.host: 127.0.0.1
                taskmanager.bind-host: 127.0.0.1
                jobmanager.memory.process.size: 800m
                taskmanager.memory.process.size: 1000m
                taskmanager.memory.jvm-overhead.min: 128m
                metrics.reporter.prom.port: %d
                """.formatted(ports.get(0), ports.get(1), metricsPort));
        return builder;
    }
}
