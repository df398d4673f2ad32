package org.flinkllama.jobs.bench.job;

import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Provenance;

/// Counts what comes out behind the first enrichments, and takes the time that it takes.
final class EnrichmentMeter extends RichMapFunction<Enrichment, Enrichment> {
    private static final long serialVersionUID = 1L;

    private static final String DOCUMENTS = "documents";
    private static final String PROMPT_TOKENS = "prompt-tokens";
    private static final String GENERATED_TOKENS = "generated-tokens";
    private static final String BEGIN = "begin-nanos";
    private static final String END = "end-nanos";

    private final int warmUp;

    // -- runtime
    private transient int seen;
    private transient LongCounter documents;
    private transient LongCounter promptTokens;
    private transient LongCounter generatedTokens;
    private transient LongMaximum begin;
    private transient LongMaximum end;

    /// @param warmUp enrichments that don't count; the time begins with the last of them
    EnrichmentMeter(int warmUp) {
        this.warmUp = warmUp;
    }

    /// What was counted.
    record Count(long documents, long promptTokens, long generatedTokens, long nanos) {
        /// Reads a job's accumulators.
        static Count of(Map<String, Object> accumulators) {
            return new Count(
                    count(accumulators, DOCUMENTS),
                    count(accumulators, PROMPT_TOKENS),
                    count(accumulators, GENERATED_TOKENS),
                    count(accumulators, END) - count(accumulators, BEGIN));
        }

        private static long count(Map<String, Object> accumulators, String name) {
            return accumulators.get(name) instanceof Long count ? count : 0;
        }
    }

    @Override
    public void open(OpenContext context) {
        documents = getRuntimeContext().getLongCounter(DOCUMENTS);
        promptTokens = getRuntimeContext().getLongCounter(PROMPT_TOKENS);
        generatedTokens = getRuntimeContext().getLongCounter(GENERATED_TOKENS);
        begin = new LongMaximum();
        end = new LongMaximum();
        getRuntimeContext().addAccumulator(BEGIN, begin);
        getRuntimeContext().addAccumulator(END, end);
    }

    @Override
    public Enrichment map(Enrichment enrichment) {
        seen++;
        if (seen == warmUp) {
            begin.add(System.nanoTime());
        } else if (seen > warmUp) {
            Provenance provenance = enrichment.getProvenance();
            documents.add(1);
            promptTokens.add(provenance.getPromptTokens());
            generatedTokens.add(provenance.getCompletionTokens());
            end.add(System.nanoTime());
        }
        return enrichment;
    }
}
