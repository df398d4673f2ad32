package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One of each of the faults that a cluster has every day.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class FaultITCase {
    private static final Workload WORKLOAD = new EnrichmentWorkload(20, 6);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static Surroundings surroundings;
    private static List<OutputRecord> undisturbed;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        surroundings = Surroundings.start(folder, WORKLOAD);
        undisturbed = Trial.undisturbed(surroundings, WORKLOAD);
        assertThat(Comparison.of(undisturbed, undisturbed)).isEqualTo(new Comparison(WORKLOAD.records(), 0, 0, 0, 0));
    }

    @AfterAll
    static void stop() {
        if (surroundings != null) {
            surroundings.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TASK_MANAGER_KILLED", "JOB_MANAGER_KILLED", "RESCALED"})
    void readersSeeEachRecordOnceAndTheSameBytes(Fault fault) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Trial trial = Trial.of(fault, 1, seed, surroundings, WORKLOAD, undisturbed);
        assertThat(trial.comparison())
                .as("%s with seed %d; logs are in %s", fault.words(), seed, folder)
                .matches(Comparison::exactlyOnce);
        assertThat(trial.unfinished()).as("work when it struck").isPositive();
        assertThat(trial.restored()).as("restores").isPositive();
    }
}
