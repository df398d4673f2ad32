package org.flinkllama.jobs.bench.job;

import org.apache.flink.api.common.functions.MapFunction;
import org.flinkllama.schemas.v1.DeadLetter;

/// Ends the job at the first document that is refused: a figure without it would be wrong.
final class NoDeadLetter implements MapFunction<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1L;

    @Override
    public DeadLetter map(DeadLetter letter) {
        throw new IllegalStateException("A document was refused: " + letter.getMessage());
    }
}
