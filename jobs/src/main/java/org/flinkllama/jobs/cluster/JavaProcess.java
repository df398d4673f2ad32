package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A process that was started here.
public final class JavaProcess {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int LINES_TOLD = 5;

    private final String name;
    private final Process process;
    private final Path log;

    JavaProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /// What it printed and logged.
    public Path log() {
        return log;
    }

    /// Waits until it does what it was started for.
    public void await(BooleanSupplier ready, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new ClusterException("The process '" + name + "' ended with code " + process.exitValue()
                        + " before it was ready. Its log '" + log + "' ends with " + lastLines());
            }
            if (System.nanoTime() > end) {
                throw new ClusterException("The process '" + name + "' is not ready after " + patience.toSeconds()
                        + " s. Its log '" + log + "' ends with " + lastLines());
            }
            Thread.sleep(POLL);
        }
    }

    /// Kills it as `kill -9` does, and returns when it is gone.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Asks it to stop as `kill` does, which lets it put its things away.
    ///
    /// @return its exit code
    public int stop(Duration patience) throws InterruptedException {
        askToStop();
        return exitCode(patience);
    }

    /// Waits for its end.
    public int exitCode(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ClusterException("The process '" + name + "' did not end within " + patience.toSeconds()
                    + " s. Its log '" + log + "' ends with " + lastLines());
        }
        return process.exitValue();
    }

    /// Asks it to stop as `kill` does, without waiting.
    void askToStop() {
        // The process's own method would close its standard input, too, at which it ends at once.
        process.toHandle().destroy();
    }

    /// Waits for its end, and kills it where it does not come to it.
    void awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private List<String> lastLines() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
