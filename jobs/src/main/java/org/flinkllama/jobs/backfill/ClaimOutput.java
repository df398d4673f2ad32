package org.flinkllama.jobs.backfill;

import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.flinkllama.schemas.v1.Enrichment;

/// Lets enrichments pass, and gives the job that writes them an [OutputOwner].
final class ClaimOutput extends AbstractStreamOperatorFactory<Enrichment>
        implements OneInputStreamOperatorFactory<Enrichment, Enrichment>, CoordinatedOperatorFactory<Enrichment> {
    private static final long serialVersionUID = 1L;

    private final String folder;

    ClaimOutput(String folder) {
        this.folder = folder;
        setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operator) {
        return new Owner(operator, folder);
    }

    @Override
    public <O extends StreamOperator<Enrichment>> O createStreamOperator(
            StreamOperatorParameters<Enrichment> parameters) {
        @SuppressWarnings("unchecked") // O is what the class below says
        O operator = (O) new Passage(parameters);
        return operator;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Flink has it
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return Passage.class;
    }

    private record Owner(OperatorID operator, String folder) implements OperatorCoordinator.Provider {
        @Override
        public OperatorID getOperatorId() {
            return operator;
        }

        @Override
        public OperatorCoordinator create(OperatorCoordinator.Context context) {
            return new OutputOwner(new OutputClaims(folder), context.getJobID().toHexString());
        }
    }

    private static final class Passage extends AbstractStreamOperator<Enrichment>
            implements OneInputStreamOperator<Enrichment, Enrichment> {
        private static final long serialVersionUID = 1L;

        Passage(StreamOperatorParameters<Enrichment> parameters) {
            super(parameters);
        }

        @Override
        public void processElement(StreamRecord<Enrichment> enrichment) {
            output.collect(enrichment);
        }
    }
}
