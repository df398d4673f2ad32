package org.flinkllama.jobs.enrich;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Provenance;

/// Counts documents and tokens on their way to the sink, for whoever watches the job.
final class EnrichmentCounter extends RichMapFunction<Enrichment, Enrichment> {
    private static final long serialVersionUID = 1L;

    // -- runtime
    private transient LongCounter documents;
    private transient LongCounter promptTokens;
    private transient LongCounter completionTokens;

    @Override
    public void open(OpenContext context) {
        documents = getRuntimeContext().getLongCounter(Progress.DOCUMENTS);
        promptTokens = getRuntimeContext().getLongCounter(Progress.PROMPT_TOKENS);
        completionTokens = getRuntimeContext().getLongCounter(Progress.COMPLETION_TOKENS);
    }

    @Override
    public Enrichment map(Enrichment enrichment) {
        Provenance provenance = enrichment.getProvenance();
        documents.add(1);
        promptTokens.add(provenance.getPromptTokens());
        completionTokens.add(provenance.getCompletionTokens());
        return enrichment;
    }
}
