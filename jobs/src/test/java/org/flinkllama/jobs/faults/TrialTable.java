package org.flinkllama.jobs.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/// What a number of trials showed, one line for each fault.
final class TrialTable {
    private static final String LINE = "%-52s %6s %8s %8s %11s %7s %10s %11s %8s%n";

    private final List<Trial> trials = new ArrayList<>();

    void add(Trial trial) {
        trials.add(trial);
    }

    /// A trial as soon as it is over, with all that is needed to repeat it.
    static String line(Trial trial) {
        return "%s: seed %d, %d strikes, %d unfinished at the last, %d restores, %s, %.1f s"
                .formatted(
                        trial.fault().words(),
                        trial.seed(),
                        trial.strikes(),
                        trial.unfinished(),
                        trial.restored(),
                        trial.comparison(),
                        seconds(trial.time()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LINE.formatted(
                "fault", "runs", "strikes", "records", "duplicates", "losses", "differing", "disordered", "seconds"));
        for (Fault fault : Fault.values()) {
            List<Trial> own =
                    trials.stream().filter(trial -> trial.fault() == fault).toList();
            text.append(LINE.formatted(
                    fault.words(),
                    own.size(),
                    sum(own, Trial::strikes),
                    sum(own, trial -> trial.comparison().records()),
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
        return text.toString();
    }

    private static int sum(List<Trial> trials, ToIntFunction<Trial> number) {
        return trials.stream().mapToInt(number).sum();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
