package org.flinkllama.operators.converse.documents;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;

/// Puts documents of a stream beside the turns that name them. A request for the document runs from the turn to the
/// document's key and comes back to the conversation's, where the turn waits for it.
public final class DocumentTopology {
    private static final TypeInformation<Tuple3<String, String, String>> THREE_STRINGS =
            Types.TUPLE(Types.STRING, Types.STRING, Types.STRING);

    private DocumentTopology() {}

    /// @param deadLetters documents that can't be read
    public record Results(DataStream<Tuple2<String, InputRecord>> turns, DataStream<DeadLetter> deadLetters) {}

    /// @param turns     records of turns with their conversations' keys
    /// @param documents records of documents
    public static Results attach(
            DataStream<Tuple2<String, InputRecord>> turns,
            DataStream<InputRecord> documents,
            TurnFormat format,
            DocumentLookup lookup) {
        SingleOutputStreamOperator<Tuple2<String, String>> texts = documents
                .process(new DecodeDocuments(lookup), Types.TUPLE(Types.STRING, Types.STRING))
                .name("decode documents")
                .uid("decode-documents");
        TurnDocuments wanted = new TurnDocuments(format);
        DataStream<Tuple3<String, String, String>> answers = turns.flatMap(
                        (Tuple2<String, InputRecord> turn, Collector<Tuple3<String, String, String>> out) ->
                                wanted.wanted(turn.f1)
                                        .ifPresent(document -> out.collect(
                                                Tuple3.of(document, turn.f0, TurnDocuments.position(turn.f1)))),
                        THREE_STRINGS)
                .name("ask for documents")
                .uid("ask-for-documents")
                .keyBy(request -> request.f0, Types.STRING)
                .connect(texts.keyBy(document -> document.f0, Types.STRING))
                .process(new LookUpDocuments(lookup), THREE_STRINGS)
                .name("look up documents")
                .uid("look-up-documents");
        DataStream<Tuple2<String, InputRecord>> attached = turns.keyBy(turn -> turn.f0, Types.STRING)
                .connect(answers.keyBy(answer -> answer.f0, Types.STRING))
                .process(new AttachDocuments(format), InferenceTopology.KEYED_RECORD)
                .name("attach documents")
                .uid("attach-documents");
        return new Results(attached, texts.getSideOutput(InferenceTopology.DEAD_LETTERS));
    }
}
