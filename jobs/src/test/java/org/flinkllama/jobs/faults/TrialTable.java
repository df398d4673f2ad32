package org.flinkllama.jobs.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongFunction;

/// What a number of trials showed, one line for each fault and workload.
final class TrialTable {
    private static final String LINE = "%-14s %-51s %5s %8s %9s %8s %8s %11s %7s %10s %11s %8s%n";

    private final List<Trial> trials = new ArrayList<>();

    private record Row(Workload workload, Fault fault) {
        private static Row of(Trial trial) {
            return new Row(trial.workload(), trial.fault());
        }
    }

    void add(Trial trial) {
        trials.add(trial);
    }

    /// Tokens that jobs of a workload took from their state, whatever had happened to them.
    long resumed(Workload workload) {
        List<Trial> own = trials.stream()
                .filter(trial -> trial.workload().equals(workload))
                .toList();
        return sum(own, trial -> trial.recovery().resumed());
    }

    /// A trial as soon as it is over, with all that is needed to repeat it.
    static String line(Trial trial) {
        return "%s, %s: seed %d, %d strikes, %d unfinished at the last, %s, %s, %.1f s"
                .formatted(
                        trial.workload().input(),
                        trial.fault().words(),
                        trial.seed(),
                        trial.strikes(),
                        trial.unfinished(),
                        trial.recovery(),
                        trial.comparison(),
                        seconds(trial.time()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LINE.formatted(
                "input",
                "fault",
                "jobs",
                "strikes",
                "records",
                "resumed",
                "again",
                "duplicates",
                "losses",
                "differing",
                "disordered",
                "seconds"));
        Set<Row> rows = new LinkedHashSet<>();
        trials.forEach(trial -> rows.add(Row.of(trial)));
        for (Row row : rows) {
            List<Trial> own =
                    trials.stream().filter(trial -> Row.of(trial).equals(row)).toList();
            text.append(LINE.formatted(
                    row.workload().input(),
                    row.fault().words(),
                    own.size(),
                    sum(own, Trial::strikes),
                    sum(own, trial -> trial.comparison().records()),
                    sum(own, trial -> trial.recovery().resumed()),
                    sum(own, trial -> trial.recovery().recomputed()),
                    sum(own, trial -> trial.comparison().duplicates()),
                    sum(own, trial -> trial.comparison().losses()),
                    sum(own, trial -> trial.comparison().differing()),
                    sum(own, trial -> trial.comparison().disordered()),
                    String.format(
                            Locale.ROOT,
                            "%.1f",
                            own.stream()
                                    .mapToDouble(trial -> seconds(trial.time()))
                                    .sum())));
        }
        return text.append(
                        "resumed: tokens that were taken from state after a restore; again: that were read or sampled"
                                + " again; at least so many")
                .toString();
    }

    private static long sum(List<Trial> trials, ToLongFunction<Trial> number) {
        return trials.stream().mapToLong(number).sum();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
