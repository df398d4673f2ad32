package org.flinkllama.jobs.enrich;

import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.flinkllama.jobs.local.LastingCounters;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Provenance;

/// Counts documents and tokens on their way to the sink, for whoever watches the job.
final class EnrichmentCounter extends RichMapFunction<Enrichment, Enrichment> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final LastingCounters counters =
            new LastingCounters(Progress.DOCUMENTS, Progress.PROMPT_TOKENS, Progress.COMPLETION_TOKENS);

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        counters.initialize(context.getOperatorStateStore(), getRuntimeContext());
    }

    @Override
    public Enrichment map(Enrichment enrichment) {
        Provenance provenance = enrichment.getProvenance();
        counters.add(Progress.DOCUMENTS, 1);
        counters.add(Progress.PROMPT_TOKENS, provenance.getPromptTokens());
        counters.add(Progress.COMPLETION_TOKENS, provenance.getCompletionTokens());
        return enrichment;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        counters.snapshot();
    }
}
