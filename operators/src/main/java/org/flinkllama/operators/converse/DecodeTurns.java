package org.flinkllama.operators.converse;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.flinkllama.operators.conversation.ConversationKey;
import org.flinkllama.operators.conversation.ConversationOptions.TurnLimits;
import org.flinkllama.operators.conversation.TurnRules;
import org.flinkllama.operators.converse.documents.AttachedDocument;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// Reads the turn in each record to learn its conversation. Records without a readable turn, or with one that
/// breaks the rules, become dead letters.
final class DecodeTurns extends ProcessFunction<InputRecord, Tuple2<String, InputRecord>> {
    private static final long serialVersionUID = 1L;

    private final TurnFormat turns;
    private final TurnLimits limits;

    // -- runtime
    private transient Counter rejected;

    DecodeTurns(TurnFormat turns, TurnLimits limits) {
        this.turns = turns;
        this.limits = limits;
    }

    @Override
    public void open(OpenContext context) {
        rejected = getRuntimeContext().getMetricGroup().counter("rejectedRecords");
    }

    @Override
    public void processElement(InputRecord record, Context context, Collector<Tuple2<String, InputRecord>> out) {
        try {
            AttachedDocument.refuse(record);
            Turn turn = turns.read(record);
            TurnRules.check(turn, limits);
            out.collect(Tuple2.of(ConversationKey.of(turn), record));
        } catch (RecordRejectedException e) {
            rejected.inc();
            context.output(InferenceTopology.DEAD_LETTERS, e.rejection().deadLetter(record));
        }
    }
}
