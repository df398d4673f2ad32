package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BackfillProgressTest {
    private final BackfillProgress progress = new BackfillProgress();

    @Test
    void saysShareSpeedAndTimeLeft() {
        Duration time = Duration.ofSeconds(10);
        Map<String, Object> first = counters(20, 200, 10, 1000);
        Map<String, Object> second = counters(40, 400, 30, 3000);
        assertThat(progress.since(Map.of(), Map.of(), time)).isEmpty();
        assertThat(progress.since(Map.of(), first, time)).isEqualTo("10.0 %: 10 documents enriched, 0 records refused");
        // 20 % in 10 s leave 70 % for 35 s, whether this run or one before it did the first 10 %.
        assertThat(progress.since(first, second, time))
                .isEqualTo("30.0 %: 30 documents enriched, 0 records refused; 2.0 documents/s, 200 tokens/s;"
                        + " about 35 s left");
    }

    @Test
    void countsDocumentsThatWereLeftOut() {
        assertThat(progress.sentence(Map.of("documents", 2L, "left-out", 3L, "dead-letters", 1L)))
                .isEqualTo("2 documents enriched, 1 records refused, 3 left out as done before");
    }

    @Test
    void tellsABackfillFromOtherJobsByItsCounters() {
        assertThat(BackfillProgress.of(counters(40, 400, 30, 3000)))
                .contains("30.0 %: 30 documents enriched, 0 records refused; 3,000 tokens");
        assertThat(BackfillProgress.of(Map.of("documents", 30L, "prompt-tokens", 3000L)))
                .isEmpty();
    }

    private static Map<String, Object> counters(long read, long bytes, long documents, long tokens) {
        return Map.of(
                "size-in-all",
                1000L,
                "records-read",
                read,
                "size-read",
                bytes,
                "documents",
                documents,
                "prompt-tokens",
                tokens);
    }
}
