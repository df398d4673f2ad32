package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// A workload, and what readers saw of it when nothing disturbed it.
record Reference(Workload workload, List<OutputRecord> outputs) {
    static Reference run(Surroundings surroundings, Workload workload) throws InterruptedException {
        try (Run run = Run.start(surroundings, workload, workload.input() + "-undisturbed", 2)) {
            run.awaitAnswered(workload.records());
            List<OutputRecord> outputs = run.finish();
            assertThat(Comparison.of(outputs, outputs)).isEqualTo(new Comparison(workload.records(), 0, 0, 0, 0));
            return new Reference(workload, outputs);
        }
    }
}
