package org.flinkllama.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {
    @Test
    void hasColoursOnATerminal() {
        assertThat(Terminal.of(Map.of("FLINK_LLAMA_COLUMNS", "72", "TERM", "xterm")))
                .isEqualTo(new Terminal(72, true));
    }

    @Test
    void hasNoColoursWhereOutputIsNoTerminal() {
        assertThat(Terminal.of(Map.of("TERM", "xterm"))).isEqualTo(new Terminal(100, false));
    }

    @Test
    void hasNoColoursWhereTheUserWantsNone() {
        assertThat(Terminal.of(Map.of("FLINK_LLAMA_COLUMNS", "72", "TERM", "xterm", "NO_COLOR", "1"))
                        .colours())
                .isFalse();
        assertThat(Terminal.of(Map.of("FLINK_LLAMA_COLUMNS", "72", "TERM", "dumb"))
                        .colours())
                .isFalse();
    }

    @Test
    void isNeverTooNarrowToPrintOn() {
        assertThat(new Terminal(3, false).columns()).isEqualTo(20);
        assertThat(Terminal.of(Map.of("FLINK_LLAMA_COLUMNS", "wide")).columns()).isEqualTo(100);
    }
}
