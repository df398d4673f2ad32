package org.flinkllama.jobs.backfill;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.flinkllama.schemas.v1.Enrichment;

/// Fails a job before it writes to the folder of another. A job that begins claims its folder at once, and gives it
/// up where it ends before its first checkpoint, because it has committed no file then. For the same reason one that
/// goes on claims it with its first checkpoint: until then the one that it came from can be used again.
///
/// Enrichments pass unchanged. It stands before the sink, because tasks that had ended in a checkpoint don't run
/// again, and the sink's are the last to end.
final class ClaimOutput extends RichMapFunction<Enrichment, Enrichment> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final String folder;

    // -- runtime
    private transient OutputClaims claims;
    private transient String job;
    private transient ListState<String> owner;
    private transient Set<String> owners; // of the checkpoint; empty where another subtask has its state
    private transient boolean begun; // and no checkpoint since
    private transient boolean claimed;

    ClaimOutput(String folder) {
        this.folder = folder;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        claims = new OutputClaims(folder);
        job = getRuntimeContext().getJobInfo().getJobId().toHexString();
        owner = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("job", Types.STRING));
        owners = new TreeSet<>();
        owner.get().forEach(owners::add);
        claimed = !context.isRestored() || owners.isEmpty();
        try {
            if (!context.isRestored()) {
                claims.begin(job);
                begun = true;
            } else if (!owners.isEmpty()) {
                owners.add(job);
                claims.requireNoneBut(owners);
            }
        } catch (ArchiveException refused) {
            throw new SuppressRestartsException(refused); // nothing that a restart could mend
        }
    }

    @Override
    public Enrichment map(Enrichment enrichment) {
        return enrichment;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (!claimed) {
            claims.takeOver(job, owners);
            claimed = true;
        }
        begun = false;
        owner.update(List.of(job));
    }

    @Override
    public void close() {
        if (begun) {
            claims.giveUp(job);
        }
    }
}
