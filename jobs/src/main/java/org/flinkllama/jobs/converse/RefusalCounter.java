package org.flinkllama.jobs.converse;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.flinkllama.schemas.v1.DeadLetter;

/// Counts refused records on their way to the sink, for whoever watches the job.
final class RefusalCounter extends RichMapFunction<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1L;

    // -- runtime
    private transient LongCounter refused;

    @Override
    public void open(OpenContext context) {
        refused = getRuntimeContext().getLongCounter(TurnProgress.REFUSED);
    }

    @Override
    public DeadLetter map(DeadLetter letter) {
        refused.add(1);
        return letter;
    }
}
