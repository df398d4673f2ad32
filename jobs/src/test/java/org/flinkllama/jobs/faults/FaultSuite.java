package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Every fault on every workload, in rounds until the time is over: `./flink-llama test --faults`. The usual tests
/// do not run it.
///
/// `-Dfaults.minutes=N` bounds the time, but for the first round, which is always run to its end; `-Dfaults.seed=N`
/// draws the same moments again; `-Dfaults.only=JOB_MANAGER_KILLED` leaves the other faults out.
final class FaultSuite {
    private static final long MINUTES = Long.getLong("faults.minutes", 10);
    private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
    private static final List<Fault> FAULTS = Stream.of(Fault.values())
            .filter(fault -> System.getProperty("faults.only", fault.name()).equals(fault.name()))
            .toList();
    private static final int MOST_STRIKES = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void readersSeeEachRecordOnceAndTheSameBytesWhateverHappens() throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        List<Workload> workloads = List.of(new EnrichmentWorkload(40, 6), new ConversationWorkload(40, 6));
        Random seeds = new Random(SEED);
        TrialTable table = new TrialTable();
        List<String> failures = new ArrayList<>();
        System.out.printf("Seed %d, for %d minutes; logs are in %s until all went well.%n", SEED, MINUTES, folder);
        try (Surroundings surroundings = Surroundings.start(folder, workloads)) {
            List<Reference> references = new ArrayList<>();
            for (Workload workload : workloads) {
                references.add(Reference.run(surroundings, workload));
            }
            for (int round = 0; round == 0 || System.nanoTime() < end; round++) {
                for (Fault fault : FAULTS) {
                    for (Reference reference : references) {
                        if (round == 0 || System.nanoTime() < end) {
                            int strikes = round == 0 ? 1 : 1 + seeds.nextInt(MOST_STRIKES);
                            Trial trial = Trial.of(fault, strikes, seeds.nextLong(), surroundings, reference);
                            table.add(trial);
                            System.out.println(TrialTable.line(trial));
                            if (!trial.proves()) {
                                failures.add(TrialTable.line(trial));
                            }
                        }
                    }
                }
            }
        } finally {
            System.out.println(table);
        }
        assertThat(failures).isEmpty();
        if (FAULTS.stream().anyMatch(Fault::restores)) {
            assertThat(workloads).allSatisfy(workload -> assertThat(table.resumed(workload))
                    .as("tokens in mid-generation, %s", workload.input())
                    .isPositive());
        }
    }
}
