package org.flinkllama.jobs.enrich;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.flinkllama.schemas.v1.DeadLetter;

/// Counts refused records on their way to the sink, for whoever watches the job.
final class DeadLetterCounter extends RichMapFunction<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1L;

    // -- runtime
    private transient LongCounter deadLetters;

    @Override
    public void open(OpenContext context) {
        deadLetters = getRuntimeContext().getLongCounter(Progress.DEAD_LETTERS);
    }

    @Override
    public DeadLetter map(DeadLetter letter) {
        deadLetters.add(1);
        return letter;
    }
}
