package org.flinkllama.jobs.backfill;

import java.io.IOException;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.flinkllama.jobs.archive.output.DoneIds;
import org.flinkllama.jobs.local.LastingCounters;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;

/// Leaves out the documents that an earlier output has. Records without a readable document stay, to be refused.
final class SkipDone extends RichFilterFunction<InputRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final DoneIds done;
    private final DocumentReader reader;
    private final LastingCounters counters = new LastingCounters(BackfillProgress.LEFT_OUT);

    // -- runtime
    private transient Set<String> ids;

    SkipDone(DoneIds done, DocumentReader reader) {
        this.done = done;
        this.reader = reader;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        counters.initialize(context.getOperatorStateStore(), getRuntimeContext());
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ids = done.read();
    }

    @Override
    public boolean filter(InputRecord record) {
        try {
            if (!ids.contains(reader.read(record).getId())) {
                return true;
            }
            counters.add(BackfillProgress.LEFT_OUT, 1);
            return false;
        } catch (RecordRejectedException e) {
            return true;
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        counters.snapshot();
    }
}
