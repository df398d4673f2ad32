package org.flinkllama.operators.converse.documents;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.flinkllama.operators.conversation.ConversationKey;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.DocumentRules;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads documents to their keys and texts. What can't be read becomes a dead letter.
final class DecodeDocuments extends ProcessFunction<InputRecord, Tuple2<String, String>> {
    private static final long serialVersionUID = 1L;

    private final DocumentLookup lookup;

    // -- runtime
    private transient Counter rejected;

    DecodeDocuments(DocumentLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void open(OpenContext context) {
        rejected = getRuntimeContext().getMetricGroup().counter("rejectedRecords");
    }

    @Override
    public void processElement(InputRecord record, Context context, Collector<Tuple2<String, String>> out) {
        try {
            Document document = lookup.reader().read(record);
            DocumentRules.check(document, lookup.maxDocumentCharacters());
            out.collect(Tuple2.of(ConversationKey.of(document.getTenant(), document.getId()), document.getText()));
        } catch (RecordRejectedException e) {
            rejected.inc();
            context.output(InferenceTopology.DEAD_LETTERS, e.rejection().deadLetter(record));
        }
    }
}
