package org.flinkllama.operators.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TransferLinesTest {
    private final List<String> lines = new ArrayList<>();
    private long seconds = 1000;
    private final TransferLines transfer = new TransferLines(lines::add, () -> seconds * 1_000_000_000L);

    @Test
    void saysEveryTenSecondsHowFarADownloadIs() {
        transfer.begins(0, 1_000_000_000);
        seconds += 9;
        transfer.arrived(90_000_000);
        seconds += 1;
        transfer.arrived(100_000_000);
        transfer.arrived(100_000_001);
        transfer.interrupted("HTTP 503");
        transfer.begins(100_000_001, 1_000_000_000);
        transfer.checks();
        transfer.ends(1_000_000_000, "ab");
        assertThat(lines)
                .containsExactly(
                        "begins with 0 B of 1,000.0 MB",
                        "100.0 MB of 1,000.0 MB (10 %), 10.0 MB/s, 1:30 left",
                        "connection lost (HTTP 503); trying again",
                        "begins with 100.0 MB of 1,000.0 MB",
                        "checking",
                        "is here, 1,000.0 MB, SHA-256 ab");
    }

    @Test
    void saysAtOnceAndEveryTenSecondsThatItWaits() {
        transfer.waits(10);
        transfer.waits(20);
        seconds += 10;
        transfer.waits(30);
        assertThat(lines)
                .containsExactly(
                        "waits for another subtask or process, which has 10 B",
                        "waits for another subtask or process, which has 30 B");
    }
}
