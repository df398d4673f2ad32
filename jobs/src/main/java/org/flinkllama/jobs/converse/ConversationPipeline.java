package org.flinkllama.jobs.converse;

import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.operators.converse.ConversationPlan;
import org.flinkllama.operators.converse.ConversationTopology;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;

/// The topology of the conversation job, the same for production, tests and archives.
///
/// @param turns       records that hold turns
/// @param documents   records that hold documents which turns may name; empty where turns bring their texts
/// @param replies     takes the replies to each turn, in parts where the plan says so
/// @param deadLetters takes every record that could not be worked on
public record ConversationPipeline(
        Source<InputRecord, ?, ?> turns,
        Optional<? extends Source<InputRecord, ?, ?>> documents,
        Sink<Reply> replies,
        Sink<DeadLetter> deadLetters) {
    /// Adds the topology to `environment`.
    public void build(StreamExecutionEnvironment environment, ConversationPlan plan) {
        DataStream<InputRecord> said = records(environment, turns, "turns");
        ConversationTopology.Results results = documents
                .map(source -> ConversationTopology.converse(said, records(environment, source, "documents"), plan))
                .orElseGet(() -> ConversationTopology.converse(said, plan));
        results.replies()
                .map(new ReplyCounter())
                .returns(new AvroTypeInfo<>(Reply.class))
                .name("count-replies")
                .uid("count-replies")
                .sinkTo(replies)
                .name("replies")
                .uid("replies");
        results.deadLetters()
                .map(new RefusalCounter())
                .returns(new AvroTypeInfo<>(DeadLetter.class))
                .name("count-dead-letters")
                .uid("count-dead-letters")
                .sinkTo(deadLetters)
                .name("dead-letters")
                .uid("dead-letters");
    }

    private static DataStream<InputRecord> records(
            StreamExecutionEnvironment environment, Source<InputRecord, ?, ?> source, String name) {
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), name, new AvroTypeInfo<>(InputRecord.class))
                .uid(name);
    }
}
