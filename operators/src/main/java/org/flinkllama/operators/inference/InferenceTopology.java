package org.flinkllama.operators.inference;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;

/// Keyed records to outputs and dead letters.
public final class InferenceTopology {
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

    /// A record with its key. What is in the record is read again where work on it starts, so that state and network
    /// carry each record once.
    public static final TypeInformation<Tuple2<String, InputRecord>> KEYED_RECORD =
            new TupleTypeInfo<>(Types.STRING, new AvroTypeInfo<>(InputRecord.class));

    private InferenceTopology() {}

    /// Both ends of an operator.
    public record Results<T>(DataStream<T> outputs, DataStream<DeadLetter> deadLetters) {}

    /// @param uid of the operator, by which its state is found again; its name is the same with spaces
    public static <T> Results<T> infer(
            DataStream<Tuple2<String, InputRecord>> records,
            InferencePlan<T> plan,
            TypeInformation<T> outputType,
            String uid) {
        SingleOutputStreamOperator<T> outputs = records.keyBy(record -> record.f0, Types.STRING)
                .transform(uid.replace('-', ' '), outputType, new InferenceOperatorFactory<>(plan))
                .uid(uid);
        return new Results<>(outputs, outputs.getSideOutput(DEAD_LETTERS));
    }
}
