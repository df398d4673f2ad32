package org.flinkllama.jobs.backfill;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.jobs.enrich.Progress;
import org.flinkllama.jobs.local.ProgressReport;

/// Says how far a backfill is. Used by one thread.
public final class BackfillProgress implements ProgressReport {
    static final String RECORDS_READ = "records-read";
    static final String SIZE_READ = "size-read";
    static final String SIZE_IN_ALL = "size-in-all";
    static final String LEFT_OUT = "left-out";

    private static final double ENOUGH_TO_GUESS = 0.01;

    private double begun = -1; // share that was done at the first report, or before by earlier runs; negative before
    private Duration watched = Duration.ZERO; // since then

    /// How far a job is, by its counters alone; empty where they are those of no backfill.
    public static Optional<String> of(Map<String, Object> counters) {
        return Optional.of(counters)
                .filter(found -> found.containsKey(SIZE_IN_ALL))
                .map(found -> "%s; %,d tokens"
                        .formatted(withShare(found), Progress.of(found).tokens()));
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
        return count(counters);
    }

    private static String count(Map<String, Object> counters) {
        Progress now = Progress.of(counters);
        long leftOut = ProgressReport.count(counters, LEFT_OUT);
        return "%,d documents enriched, %,d records refused".formatted(now.documents(), now.deadLetters())
                + (leftOut == 0 ? "" : ", %,d left out as done before".formatted(leftOut));
    }

    private static String withShare(Map<String, Object> counters) {
        return "%.1f %%: %s".formatted(100 * share(counters), count(counters));
    }

    /// Share of the input that is done: of what was read, as much as has come out.
    private static double share(Map<String, Object> counters) {
        long read = ProgressReport.count(counters, RECORDS_READ);
        long size = ProgressReport.count(counters, SIZE_IN_ALL);
        if (read == 0 || size == 0) {
            return 0;
        }
        Progress now = Progress.of(counters);
        long ended = now.documents() + now.deadLetters() + ProgressReport.count(counters, LEFT_OUT);
        double sizeRead = ProgressReport.count(counters, SIZE_READ);
        return Math.clamp(sizeRead / size * ended / read, 0, 1);
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
