package org.flinkllama.operators.converse;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.flinkllama.operators.converse.documents.AttachedDocument;
import org.flinkllama.operators.converse.documents.DocumentTopology;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;

/// Turns to replies and dead letters, whatever they come from and go to.
///
/// Every turn is answered by one reply or becomes one dead letter; a turn whose id was answered before gets
/// neither. Replies of one conversation keep the order of its turns as far as the stream had one; those of
/// different conversations overtake each other.
public final class ConversationTopology {
    private ConversationTopology() {}

    /// Both ends of a pipeline.
    public record Results(DataStream<Reply> replies, DataStream<DeadLetter> deadLetters) {}

    /// Answers turns that bring the texts of their documents themselves.
    public static Results converse(DataStream<InputRecord> turns, ConversationPlan plan) {
        SingleOutputStreamOperator<Tuple2<String, InputRecord>> decoded = decode(turns, plan);
        return infer(decoded, plan, decoded.getSideOutput(InferenceTopology.DEAD_LETTERS));
    }

    /// Answers turns that may name documents of a stream.
    public static Results converse(
            DataStream<InputRecord> turns, DataStream<InputRecord> documents, ConversationPlan plan) {
        SingleOutputStreamOperator<Tuple2<String, InputRecord>> decoded = decode(turns, plan);
        DocumentTopology.Results attached = DocumentTopology.attach(
                decoded, documents, plan.turns(), plan.memory().documents());
        return infer(
                attached.turns(),
                plan,
                decoded.getSideOutput(InferenceTopology.DEAD_LETTERS).union(attached.deadLetters()));
    }

    private static SingleOutputStreamOperator<Tuple2<String, InputRecord>> decode(
            DataStream<InputRecord> turns, ConversationPlan plan) {
        return turns.process(new DecodeTurns(plan.turns(), plan.options().limits()), InferenceTopology.KEYED_RECORD)
                .name("decode turns")
                .uid("decode-turns");
    }

    private static Results infer(
            DataStream<Tuple2<String, InputRecord>> turns, ConversationPlan plan, DataStream<DeadLetter> refused) {
        TurnWorkload workload =
                new TurnWorkload(plan.turns(), plan.options(), plan.memory().timeToLive());
        InferenceTopology.Results<Reply> results = InferenceTopology.infer(
                turns,
                new InferencePlan<>(workload, plan.replica(), plan.inference()),
                new AvroTypeInfo<>(Reply.class),
                "answer-turns");
        DataStream<DeadLetter> failed = results.deadLetters()
                .map(AttachedDocument::detach)
                .returns(new AvroTypeInfo<>(DeadLetter.class))
                .name("detach documents")
                .uid("detach-documents");
        return new Results(results.outputs(), refused.union(failed));
    }
}
