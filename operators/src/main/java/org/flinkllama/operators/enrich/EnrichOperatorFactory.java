package org.flinkllama.operators.enrich;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Makes enriching operators, each with its task's mailbox.
final class EnrichOperatorFactory extends AbstractStreamOperatorFactory<Enrichment>
        implements OneInputStreamOperatorFactory<Tuple2<String, InputRecord>, Enrichment> {
    private static final long serialVersionUID = 1L;

    private final EnrichmentPlan plan;

    EnrichOperatorFactory(EnrichmentPlan plan) {
        this.plan = plan;
        // While it holds a record back it runs mails, which an operator before it in a chain would not expect.
        setChainingStrategy(ChainingStrategy.HEAD);
    }

    @Override
    public <T extends StreamOperator<Enrichment>> T createStreamOperator(
            StreamOperatorParameters<Enrichment> parameters) {
        @SuppressWarnings("unchecked") // T is what the class below says
        T operator = (T) new EnrichOperator(parameters, parameters.getMailboxExecutor(), plan);
        return operator;
    }

    @Override
    public Class<? extends StreamOperator<?>> getStreamOperatorClass(ClassLoader classLoader) {
        return EnrichOperator.class;
    }
}
