package org.flinkllama.jobs.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class RepetitionsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void measuresAtOnceWithoutWarmUp() throws Exception {
        ScriptedWorkload workload = new ScriptedWorkload(1, run -> 10 * run);
        assertThat(new Repetitions(3, SECOND, Duration.ZERO).measure(workload)).isEqualTo(new Speed(20, 10, 30, 3));
    }

    @Test
    void warmsUpUntilItGetsNoFaster() throws Exception {
        ScriptedWorkload workload = new ScriptedWorkload(1, run -> Math.min(run, 6) * 100);
        Speed speed = new Repetitions(2, SECOND, Duration.ofHours(1)).measure(workload);
        assertThat(speed).isEqualTo(new Speed(600, 600, 600, 2));
        // Six to the top, four that are no faster, two measurements.
        assertThat(workload.runs).isEqualTo(12);
    }

    @Test
    void countsASmallGainAsNone() throws Exception {
        ScriptedWorkload workload = new ScriptedWorkload(1, run -> 1000 + run);
        new Repetitions(1, SECOND, Duration.ofHours(1)).warmUp(workload);
        assertThat(workload.runs).isEqualTo(5);
    }

    @Test
    void waitsTwoMeasurementsHoweverLongTheyAre() throws Exception {
        ScriptedWorkload workload = new ScriptedWorkload(60, run -> 1000);
        new Repetitions(1, SECOND, Duration.ofHours(1)).warmUp(workload);
        assertThat(workload.runs).isEqualTo(3);
    }

    @Test
    void endsTheWarmUpWhenItsTimeIsOver() throws Exception {
        ScriptedWorkload workload = new ScriptedWorkload(1, run -> 100 * run);
        new Repetitions(1, SECOND, Duration.ofSeconds(20)).warmUp(workload);
        assertThat(workload.runs).isEqualTo(20);
    }

    @Test
    void runsAShortWorkloadSeveralTimesInAMeasurement() throws Exception {
        ScriptedWorkload workload = new ScriptedWorkload(0.25, run -> run <= 2 ? 100 : 300);
        assertThat(new Repetitions(1, SECOND, Duration.ZERO).measure(workload).median())
                .isEqualTo(200);
        assertThat(workload.runs).isEqualTo(4);
    }

    @Test
    void measuresWorkloadsInTurns() throws Exception {
        int[] clock = {0};
        ScriptedWorkload first = new ScriptedWorkload(1, _ -> 100 * ++clock[0]);
        ScriptedWorkload second = new ScriptedWorkload(1, _ -> 100 * ++clock[0]);
        assertThat(new Repetitions(3, SECOND, Duration.ZERO).measureInTurns(List.of(first, second)))
                .containsExactly(new Speed(300, 100, 500, 3), new Speed(400, 200, 600, 3));
    }

    @Test
    void refusesNoRepetitions() {
        assertThatThrownBy(() -> new Repetitions(0, SECOND, SECOND))
                .hasMessage("Option 'repetitions' is 0; expected 1 or more.");
    }

    /// Says of each run that it took so many seconds at such a speed.
    private static final class ScriptedWorkload implements Workload {
        private final double seconds;
        private final IntToDoubleFunction speeds;
        private int runs;

        private ScriptedWorkload(double seconds, IntToDoubleFunction speeds) {
            this.seconds = seconds;
            this.speeds = speeds;
        }

        @Override
        public Work run() {
            runs++;
            return new Work(Math.round(speeds.applyAsDouble(runs) * seconds), Math.round(seconds * 1e9));
        }

        @Override
        public void close() {}
    }
}
