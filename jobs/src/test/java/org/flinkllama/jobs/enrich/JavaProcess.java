package org.flinkllama.jobs.enrich;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A class of this project in a process of its own, started as the script does, with both its outputs in a file.
public record JavaProcess(Process process, Path output) implements AutoCloseable {
    public static JavaProcess start(Path output, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("..", "jvm.args"),
                "-Xmx512m",
                "-Dlog4j2.configurationFile=" + Path.of("..", "log4j2-test.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new JavaProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /// What it printed so far.
    public String printed() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first line that it printed with this beginning.
    public Optional<String> line(String beginning) {
        return printed().lines().filter(line -> line.startsWith(beginning)).findFirst();
    }

    /// Kills it as `kill -9` does, and returns when it is gone.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Asks it to stop as `kill` does.
    ///
    /// @return its exit code
    public int stop(Duration patience) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("The process did not stop within " + patience + "; it printed: " + printed());
        }
        return process.exitValue();
    }

    /// Lets it put its files away where it can.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
