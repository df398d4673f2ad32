package org.flinkllama.operators.enrich;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Records to enrichments and dead letters, whatever they come from and go to.
///
/// Every record becomes one enrichment or one dead letter. Enrichments of one document id keep the order of its
/// records as far as the stream had one; those of different ids overtake each other.
public final class EnrichmentTopology {
    private EnrichmentTopology() {}

    /// Both ends of a pipeline.
    public record Results(DataStream<Enrichment> enrichments, DataStream<DeadLetter> deadLetters) {}

    public static Results enrich(DataStream<InputRecord> records, EnrichmentPlan plan) {
        SingleOutputStreamOperator<Tuple2<String, InputRecord>> documents = records.process(
                        new DecodeDocuments(plan.reader(), plan.options().maxDocumentCharacters()),
                        InferenceTopology.KEYED_RECORD)
                .name("decode documents")
                .uid("decode-documents");
        InferenceTopology.Results<Enrichment> enriched = InferenceTopology.infer(
                documents, plan.operator(), new AvroTypeInfo<>(Enrichment.class), "enrich-documents");
        return new Results(
                enriched.outputs(),
                documents.getSideOutput(InferenceTopology.DEAD_LETTERS).union(enriched.deadLetters()));
    }
}
