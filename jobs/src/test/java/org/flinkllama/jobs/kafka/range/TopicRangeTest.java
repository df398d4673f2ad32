package org.flinkllama.jobs.kafka.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TopicRangeTest {
    @Test
    void readsPlaces() {
        assertThat(TopicPosition.of("earliest")).isEqualTo(new TopicPosition.Earliest());
        assertThat(TopicPosition.of("latest")).isEqualTo(new TopicPosition.Latest());
        assertThat(TopicPosition.of("1200")).isEqualTo(new TopicPosition.Offset(1200));
        assertThat(TopicPosition.of("2026-01-31"))
                .isEqualTo(new TopicPosition.Time(Instant.parse("2026-01-31T00:00:00Z")));
        assertThat(TopicPosition.of("2026-01-31T12:00:00Z"))
                .isEqualTo(new TopicPosition.Time(Instant.parse("2026-01-31T12:00:00Z")));
        assertThatThrownBy(() -> TopicPosition.of("2026-02-31")).hasMessageContaining("no place in a topic");
        assertThatThrownBy(() -> TopicPosition.of("-5")).hasMessageContaining("no place in a topic");
    }

    @Test
    void readsTheWordsThatItWrites() {
        TopicRange range = new TopicRange(
                "t", new TreeMap<>(Map.of(0, new TopicRange.Span(10, 25), 11, new TopicRange.Span(0, 7))));
        assertThat(range.words()).isEqualTo("0:10-25,11:0-7");
        assertThat(TopicRange.of("t", range.words())).isEqualTo(range);
        assertThat(range.offsets()).isEqualTo(22);
        TopicRange empty = new TopicRange("t", new TreeMap<>());
        assertThat(TopicRange.of("t", empty.words())).isEqualTo(empty);
    }
}
