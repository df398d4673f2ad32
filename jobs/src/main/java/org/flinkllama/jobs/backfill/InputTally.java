package org.flinkllama.jobs.backfill;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.flinkllama.jobs.archive.ArchiveHeaders;
import org.flinkllama.jobs.local.LastingCounters;
import org.flinkllama.schemas.v1.InputRecord;

/// Counts what is read. Makes a file when a checkpoint is complete: no task of a job ends before the job's last
/// checkpoint was told to it, so that a job without the file can't have ended.
final class InputTally extends RichMapFunction<InputRecord, InputRecord>
        implements CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1L;

    /// What the input's size counts.
    enum Unit {
        /// Bytes of files, which the source tells with some of its records.
        BYTES,
        /// Offsets of a topic.
        OFFSETS
    }

    private final Unit unit;
    private final long size;
    private final String checkpointed; // path; empty where nobody wants to know
    private final LastingCounters counters =
            new LastingCounters(BackfillProgress.RECORDS_READ, BackfillProgress.SIZE_READ);

    // -- runtime
    private transient ListState<Long> sizes;
    private transient long begun; // size of the input that the job began with

    /// @param size of the whole input, where the job begins; one that goes on may find more, but reads what was there
    InputTally(Unit unit, long size, String checkpointed) {
        this.unit = unit;
        this.size = size;
        this.checkpointed = checkpointed;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        counters.initialize(context.getOperatorStateStore(), getRuntimeContext());
        sizes = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("size-in-all", Types.LONG));
        Iterator<Long> found = sizes.get().iterator();
        begun = found.hasNext() ? found.next() : size;
    }

    @Override
    public void open(OpenContext context) {
        boolean first = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        getRuntimeContext().getLongCounter(BackfillProgress.SIZE_IN_ALL).add(first ? begun : 0);
    }

    @Override
    public InputRecord map(InputRecord record) {
        counters.add(BackfillProgress.RECORDS_READ, 1);
        return switch (unit) {
            case OFFSETS -> {
                counters.add(BackfillProgress.SIZE_READ, 1);
                yield record;
            }
            case BYTES -> {
                counters.add(BackfillProgress.SIZE_READ, ArchiveHeaders.bytesRead(record));
                yield ArchiveHeaders.withoutBytesRead(record);
            }
        };
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        counters.snapshot();
        sizes.update(List.of(begun));
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws IOException {
        if (checkpointed.isEmpty()) {
            return;
        }
        try {
            Files.createFile(Path.of(checkpointed));
        } catch (FileAlreadyExistsException e) {
            // An earlier checkpoint, or another subtask, has made it.
        }
    }
}
