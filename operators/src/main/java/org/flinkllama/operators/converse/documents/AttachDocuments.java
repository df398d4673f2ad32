package org.flinkllama.operators.converse.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.schemas.v1.InputRecord;

/// Keyed by conversation: holds a turn that names a document until the answer for it has come, and the turns behind
/// it, so that all leave in the order they came. A document that was not found leaves its turn as it is.
final class AttachDocuments
        extends KeyedCoProcessFunction<
                String, Tuple2<String, InputRecord>, Tuple3<String, String, String>, Tuple2<String, InputRecord>> {
    private static final long serialVersionUID = 1L;

    private final TurnDocuments documents;

    // -- runtime
    private transient ListState<InputRecord> waiting;
    private transient MapState<String, String> answers; // by position of the turn

    AttachDocuments(TurnFormat turns) {
        this.documents = new TurnDocuments(turns);
    }

    @Override
    public void open(OpenContext context) {
        waiting = getRuntimeContext()
                .getListState(new ListStateDescriptor<>("waiting-turns", new AvroTypeInfo<>(InputRecord.class)));
        answers = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("documents-of-turns", Types.STRING, Types.STRING));
    }

    @Override
    public void processElement1(
            Tuple2<String, InputRecord> turn, Context context, Collector<Tuple2<String, InputRecord>> out)
            throws Exception {
        waiting.add(turn.f1);
        release(turn.f0, out);
    }

    @Override
    public void processElement2(
            Tuple3<String, String, String> answer, Context context, Collector<Tuple2<String, InputRecord>> out)
            throws Exception {
        answers.put(answer.f1, answer.f2);
        release(answer.f0, out);
    }

    /// Lets go of the turns in front that wait for nothing.
    private void release(String conversation, Collector<Tuple2<String, InputRecord>> out) throws Exception {
        List<InputRecord> rest = new ArrayList<>();
        for (InputRecord record : waiting.get()) {
            Optional<InputRecord> ready = rest.isEmpty() ? ready(record) : Optional.empty();
            if (ready.isPresent()) {
                out.collect(Tuple2.of(conversation, ready.get()));
            } else {
                rest.add(record);
            }
        }
        waiting.update(rest);
    }

    private Optional<InputRecord> ready(InputRecord record) throws Exception {
        if (documents.wanted(record).isEmpty()) {
            return Optional.of(record);
        }
        String position = TurnDocuments.position(record);
        String text = answers.get(position);
        if (text == null) {
            return Optional.empty();
        }
        answers.remove(position);
        return Optional.of(text.equals(LookUpDocuments.NOTHING) ? record : AttachedDocument.attach(record, text));
    }
}
