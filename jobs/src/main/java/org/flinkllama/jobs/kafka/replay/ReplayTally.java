package org.flinkllama.jobs.kafka.replay;

import java.util.EnumMap;
import java.util.Map;

/// What became of the records of a dead-letter topic.
public final class ReplayTally {
    /// What is done with one record.
    public enum Verdict {
        /// Sent back.
        REPLAYED,
        /// Refused at a stage that was not chosen.
        OTHER_STAGE,
        /// Sent back as often as allowed before.
        EXHAUSTED,
        /// Without the headers of a dead letter.
        FOREIGN
    }

    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);

    void add(Verdict verdict) {
        counts.merge(verdict, 1L, Long::sum);
    }

    void addAll(ReplayTally others) {
        others.counts.forEach((verdict, count) -> counts.merge(verdict, count, Long::sum));
    }

    /// Records with that verdict.
    public long count(Verdict verdict) {
        return counts.getOrDefault(verdict, 0L);
    }

    /// One sentence for people.
    public String sentence() {
        return count(Verdict.REPLAYED) + " replayed, " + count(Verdict.OTHER_STAGE) + " of other stages, "
                + count(Verdict.EXHAUSTED) + " replayed too often before, " + count(Verdict.FOREIGN)
                + " that are no dead letters";
    }
}
