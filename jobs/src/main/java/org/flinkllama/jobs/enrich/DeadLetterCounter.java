package org.flinkllama.jobs.enrich;

import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.flinkllama.jobs.local.LastingCounters;
import org.flinkllama.schemas.v1.DeadLetter;

/// Counts refused records on their way to the sink, for whoever watches the job.
final class DeadLetterCounter extends RichMapFunction<DeadLetter, DeadLetter> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final LastingCounters counters = new LastingCounters(Progress.DEAD_LETTERS);

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        counters.initialize(context.getOperatorStateStore(), getRuntimeContext());
    }

    @Override
    public DeadLetter map(DeadLetter letter) {
        counters.add(Progress.DEAD_LETTERS, 1);
        return letter;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        counters.snapshot();
    }
}
