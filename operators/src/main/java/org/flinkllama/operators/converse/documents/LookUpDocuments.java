package org.flinkllama.operators.converse.documents;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/// Keyed by document: keeps texts, and answers every request for one once, with the text or, when the requester's
/// patience is over or the input has ended, with nothing.
///
/// Requests are `(document, conversation, position of the turn)`, documents `(document, text)`, answers
/// `(conversation, position of the turn, text or "")`.
final class LookUpDocuments
        extends KeyedCoProcessFunction<
                String, Tuple3<String, String, String>, Tuple2<String, String>, Tuple3<String, String, String>> {
    private static final long serialVersionUID = 1L;
    static final String NOTHING = "";

    private final DocumentLookup lookup;

    // -- runtime
    private transient ValueState<String> text;
    private transient ListState<Tuple3<String, String, Long>> waiting; // conversation, position, until when

    LookUpDocuments(DocumentLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void open(OpenContext context) {
        ValueStateDescriptor<String> texts = new ValueStateDescriptor<>("documents", Types.STRING);
        texts.enableTimeToLive(StateTtlConfig.newBuilder(lookup.timeToLive())
                .setUpdateType(StateTtlConfig.UpdateType.OnReadAndWrite)
                .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
                .build());
        text = getRuntimeContext().getState(texts);
        waiting = getRuntimeContext()
                .getListState(new ListStateDescriptor<>(
                        "waiting-requests", Types.TUPLE(Types.STRING, Types.STRING, Types.LONG)));
    }

    @Override
    public void processElement1(
            Tuple3<String, String, String> request, Context context, Collector<Tuple3<String, String, String>> out)
            throws Exception {
        String known = text.value();
        if (known != null) {
            out.collect(Tuple3.of(request.f1, request.f2, known));
            return;
        }
        long until = context.timerService().currentProcessingTime()
                + lookup.patience().toMillis();
        waiting.add(Tuple3.of(request.f1, request.f2, until));
        context.timerService().registerProcessingTimeTimer(until);
        // The last watermark: of an input that has ended, timers of the clock are heard no more.
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    @Override
    public void processElement2(
            Tuple2<String, String> document, Context context, Collector<Tuple3<String, String, String>> out)
            throws Exception {
        text.update(document.f1);
        answer(document.f1, Long.MAX_VALUE, out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Tuple3<String, String, String>> out)
            throws Exception {
        answer(NOTHING, timestamp, out);
    }

    /// Answers those that don't wait beyond `time`.
    private void answer(String answer, long time, Collector<Tuple3<String, String, String>> out) throws Exception {
        List<Tuple3<String, String, Long>> rest = new ArrayList<>();
        for (Tuple3<String, String, Long> request : waiting.get()) {
            if (request.f2 <= time) {
                out.collect(Tuple3.of(request.f0, request.f1, answer));
            } else {
                rest.add(request);
            }
        }
        waiting.update(rest);
    }
}
