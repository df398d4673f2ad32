package org.flinkllama.operators.inference;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.schemas.v1.InputRecord;

/// Makes inference operators, each with its task's mailbox.
///
/// @param <T> what goes out
public final class InferenceOperatorFactory<T> extends AbstractStreamOperatorFactory<T>
        implements OneInputStreamOperatorFactory<Tuple2<String, InputRecord>, T> {
    private static final long serialVersionUID = 1L;

    private final InferencePlan<T> plan;

    public InferenceOperatorFactory(InferencePlan<T> plan) {
        this.plan = plan;
        // While it holds a record back it runs mails, which an operator before it in a chain would not expect.
        setChainingStrategy(ChainingStrategy.HEAD);
    }

    @Override
    public <O extends StreamOperator<T>> O createStreamOperator(StreamOperatorParameters<T> parameters) {
        @SuppressWarnings("unchecked") // O is what the class below says
        O operator = (O) new InferenceOperator<>(parameters, parameters.getMailboxExecutor(), plan);
        return operator;
    }

    @Override
    public Class<? extends StreamOperator<?>> getStreamOperatorClass(ClassLoader classLoader) {
        @SuppressWarnings("unchecked") // a class literal has no parameter
        Class<? extends StreamOperator<?>> type =
                (Class<? extends StreamOperator<?>>) (Class<?>) InferenceOperator.class;
        return type;
    }
}
