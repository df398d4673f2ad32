package org.flinkllama.operators.enrich;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.DocumentRules;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads the document in each record to learn its id. Records without a readable document, or with one that breaks
/// the rules, become dead letters.
final class DecodeDocuments extends ProcessFunction<InputRecord, Tuple2<String, InputRecord>> {
    private static final long serialVersionUID = 1L;

    private final DocumentReader reader;
    private final int maxDocumentCharacters;
    private transient Counter rejected;

    DecodeDocuments(DocumentReader reader, int maxDocumentCharacters) {
        this.reader = reader;
        this.maxDocumentCharacters = maxDocumentCharacters;
    }

    @Override
    public void open(OpenContext context) {
        rejected = getRuntimeContext().getMetricGroup().counter("rejectedRecords");
    }

    @Override
    public void processElement(InputRecord record, Context context, Collector<Tuple2<String, InputRecord>> out) {
        try {
            Document document = reader.read(record);
            DocumentRules.check(document, maxDocumentCharacters);
            out.collect(Tuple2.of(document.getId(), record));
        } catch (RecordRejectedException e) {
            rejected.inc();
            context.output(InferenceTopology.DEAD_LETTERS, e.rejection().deadLetter(record));
        }
    }
}
