package org.flinkllama.jobs.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class DownloadScreenTest {
    private final StringWriter err = new StringWriter();
    private long seconds;

    @Test
    void saysBytesRateAndTimeLeft() {
        DownloadScreen screen = screen(false);
        screen.begins(200_000_000, 1_000_000_000);
        seconds = 20;
        screen.arrived(400_000_000);
        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                          going on behind 200.0 MB that are there
                          400.0 MB of 1,000.0 MB (40 %), 10.0 MB/s, 1:00 left
                        """);
    }

    @Test
    void leavesOutWhatTheServerDoesNotSay() {
        DownloadScreen screen = screen(false);
        screen.begins(0, 0);
        seconds = 10;
        screen.arrived(400_000_000);
        assertThat(err.toString()).isEqualToNormalizingNewlines("  400.0 MB, 40.0 MB/s\n");
    }

    @Test
    void writesOverItsLineOnATerminalAndEndsItBeforeAnother() {
        DownloadScreen screen = screen(true);
        screen.begins(0, 100_000_000);
        seconds = 1;
        screen.arrived(50_000_000);
        screen.arrived(50_000_001);
        screen.interrupted("HTTP 503");
        assertThat(err.toString())
                .isEqualToNormalizingNewlines("\r\033[K  50.0 MB of 100.0 MB (50 %), 50.0 MB/s, 0:01 left\n"
                        + "  connection lost (HTTP 503); trying again\n");
    }

    @Test
    void saysTheEndAlways() {
        DownloadScreen screen = screen(false);
        screen.begins(0, 100_000_000);
        seconds = 1;
        screen.arrived(100_000_000);
        screen.checks();
        assertThat(err.toString()).contains("(100 %)", "checking");
    }

    private DownloadScreen screen(boolean terminal) {
        return new DownloadScreen(new PrintWriter(err), terminal, () -> seconds * 1_000_000_000L);
    }
}
