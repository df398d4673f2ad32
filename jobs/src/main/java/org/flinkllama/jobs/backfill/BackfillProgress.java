package org.flinkllama.jobs.backfill;

import java.time.Duration;
import java.util.Map;
import org.flinkllama.jobs.enrich.Progress;
import org.flinkllama.jobs.local.ProgressReport;

/// Says how far a backfill is. Used by one thread.
public final class BackfillProgress implements ProgressReport {
    static final String RECORDS_READ = "records-read";
    static final String SIZE_READ = "size-read";
    static final String LEFT_OUT = "left-out";

    private static final double ENOUGH_TO_GUESS = 0.01;

    private final BackfillInput input;
    private double begun = -1; // share that was done at the first report, or before by earlier runs; negative before
    private Duration watched = Duration.ZERO; // since then

    public BackfillProgress(BackfillInput input) {
        this.input = input;
    }

    @Override
    public String since(Map<String, Object> earlier, Map<String, Object> counters, Duration time) {
        if (counters.isEmpty()) {
            return "";
        }
        if (begun < 0) {
            begun = share(counters);
        } else {
            watched = watched.plus(time);
        }
        Progress before = Progress.of(earlier);
        Progress now = Progress.of(counters);
        double seconds = Math.max(0.001, time.toMillis() / 1000.0);
        boolean whole = !earlier.isEmpty(); // the first report counts what runs before this one did
        return whole
                ? "%s; %,.1f documents/s, %,.0f tokens/s%s"
                        .formatted(
                                withShare(counters),
                                (now.documents() - before.documents()) / seconds,
                                (now.tokens() - before.tokens()) / seconds,
                                timeLeft(share(counters)))
                : withShare(counters);
    }

    @Override
    public String sentence(Map<String, Object> counters) {
        Progress now = Progress.of(counters);
        long leftOut = ProgressReport.count(counters, LEFT_OUT);
        return "%,d documents enriched, %,d records refused".formatted(now.documents(), now.deadLetters())
                + (leftOut == 0 ? "" : ", %,d left out as done before".formatted(leftOut));
    }

    private String withShare(Map<String, Object> counters) {
        return "%.1f %%: %s".formatted(100 * share(counters), sentence(counters));
    }

    /// Share of the input that is done: of what was read, as much as has come out.
    private double share(Map<String, Object> counters) {
        long read = ProgressReport.count(counters, RECORDS_READ);
        if (read == 0 || input.size() == 0) {
            return 0;
        }
        Progress now = Progress.of(counters);
        long ended = now.documents() + now.deadLetters() + ProgressReport.count(counters, LEFT_OUT);
        double sizeRead = ProgressReport.count(counters, SIZE_READ);
        return Math.clamp(sizeRead / input.size() * ended / read, 0, 1);
    }

    private String timeLeft(double share) {
        if (share < begun + ENOUGH_TO_GUESS) {
            return "";
        }
        long seconds = Math.round(watched.toMillis() / 1000.0 * (1 - share) / (share - begun));
        Duration left = Duration.ofSeconds(seconds);
        return left.toHours() > 0
                ? "; about %d h %d min left".formatted(left.toHours(), left.toMinutesPart())
                : left.toMinutes() > 0
                        ? "; about %d min %d s left".formatted(left.toMinutes(), left.toSecondsPart())
                        : "; about %d s left".formatted(seconds);
    }
}
