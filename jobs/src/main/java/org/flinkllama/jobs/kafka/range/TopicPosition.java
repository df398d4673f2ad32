package org.flinkllama.jobs.kafka.range;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.kafka.clients.admin.OffsetSpec;

/// A place in every partition of a topic.
public sealed interface TopicPosition {
    /// The oldest record that there still is.
    record Earliest() implements TopicPosition {}

    /// Behind the newest record.
    record Latest() implements TopicPosition {}

    /// The same offset in every partition.
    record Offset(long offset) implements TopicPosition {}

    /// The first record of this time or later.
    record Time(Instant time) implements TopicPosition {}

    /// Reads `earliest`, `latest`, an offset, a date or a time such as `2026-01-31T12:00:00Z`.
    static TopicPosition of(String words) {
        return switch (words) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> {
                try {
                    yield words.matches("\\d{1,18}") ? new Offset(Long.parseLong(words)) : new Time(time(words));
                } catch (DateTimeException e) {
                    throw new IllegalArgumentException(
                            "'" + words + "' is no place in a topic; expected earliest, latest, an offset, or a time"
                                    + " such as 2026-01-31 or 2026-01-31T12:00:00Z.",
                            e);
                }
            }
        };
    }

    /// What is asked of Kafka for it.
    default OffsetSpec spec() {
        return switch (this) {
            case Earliest() -> OffsetSpec.earliest();
            case Latest(), Offset(long _) -> OffsetSpec.latest();
            case Time(Instant time) -> OffsetSpec.forTimestamp(time.toEpochMilli());
        };
    }

    private static Instant time(String words) {
        return words.length() == "2026-01-31".length()
                ? LocalDate.parse(words).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(words);
    }
}
