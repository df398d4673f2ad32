package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.flinkllama.jobs.local.TemporaryFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Faults that a cluster has every day, for each kind of job. Some are left to [FaultSuite]: the JobManager knows
/// nothing of what a job does, and `ExactlyOnceITCase` kills all that enriches.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class FaultITCase {
    private static final Map<Class<?>, Reference> UNDISTURBED = new HashMap<>();
    private static final Set<String> UNPROVED = new HashSet<>();
    private static TemporaryFolder folder;
    private static Surroundings surroundings;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        UNPROVED.add("undisturbed");
        folder = TemporaryFolder.create("flink-llama-faults-");
        List<Workload> workloads = List.of(new EnrichmentWorkload(20, 5), new ConversationWorkload(20, 5));
        surroundings = Surroundings.start(folder.path(), workloads);
        for (Workload workload : workloads) {
            UNDISTURBED.put(workload.getClass(), Reference.run(surroundings, workload));
        }
        UNPROVED.remove("undisturbed");
    }

    /// Logs stay where something failed.
    @AfterAll
    static void stop() throws IOException {
        if (surroundings != null) {
            surroundings.close();
        }
        if (UNPROVED.isEmpty()) {
            folder.close();
        }
    }

    @Test
    void theConversationsThatAreTriedShowWhatCanBecomeOfATurn() {
        List<OutputRecord> outputs = UNDISTURBED.get(ConversationWorkload.class).outputs();
        assertThat(outputs).as("parts of replies").anyMatch(output -> !output.origin()
                .last());
        assertThat(outputs).as("replies without the oldest turns").anyMatch(output -> output.text()
                .matches("(?s).*\"droppedTurns\": ?[1-9].*"));
        assertThat(outputs).as("refused turns").anyMatch(output -> output.stream() == 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"JOB_MANAGER_KILLED", "RESCALED"})
    void readersSeeEachEnrichmentOnceAndTheSameBytes(Fault fault) throws Exception {
        strike(fault, EnrichmentWorkload.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TASK_MANAGER_KILLED", "RESCALED"})
    void readersSeeEachReplyOnceAndTheSameBytes(Fault fault) throws Exception {
        strike(fault, ConversationWorkload.class);
    }

    private static void strike(Fault fault, Class<? extends Workload> workload) throws Exception {
        String name = fault + " " + workload.getSimpleName();
        UNPROVED.add(name);
        long seed = ThreadLocalRandom.current().nextLong();
        Trial trial = Trial.of(fault, 1, seed, surroundings, UNDISTURBED.get(workload));
        assertThat(trial.proves())
                .as("%s; logs are in %s", TrialTable.line(trial), folder.path())
                .isTrue();
        UNPROVED.remove(name);
    }
}
