package org.flinkllama.operators.enrich;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Records to enrichments and dead letters, whatever they come from and go to.
///
/// Every record becomes one enrichment or one dead letter. Enrichments of one document id keep the order of its
/// records as far as the stream had one; those of different ids overtake each other.
public final class EnrichmentTopology {
    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

    /// A record with its document's id. The document itself is read again where work on it starts, so that state
    /// and network carry each record once.
    static final TypeInformation<Tuple2<String, InputRecord>> IDENTIFIED_RECORD =
            new TupleTypeInfo<>(Types.STRING, new AvroTypeInfo<>(InputRecord.class));

    private EnrichmentTopology() {}

    /// Both ends of a pipeline.
    public record Results(DataStream<Enrichment> enrichments, DataStream<DeadLetter> deadLetters) {}

    public static Results enrich(DataStream<InputRecord> records, EnrichmentPlan plan) {
        SingleOutputStreamOperator<Tuple2<String, InputRecord>> documents = records.process(
                        new DecodeDocuments(plan.reader(), plan.options().maxDocumentCharacters()), IDENTIFIED_RECORD)
                .name("decode documents")
                .uid("decode-documents");
        SingleOutputStreamOperator<Enrichment> enrichments = documents
                .keyBy(document -> document.f0, Types.STRING)
                .transform("enrich documents", new AvroTypeInfo<>(Enrichment.class), new EnrichOperatorFactory(plan))
                .uid("enrich-documents");
        return new Results(
                enrichments, documents.getSideOutput(DEAD_LETTERS).union(enrichments.getSideOutput(DEAD_LETTERS)));
    }
}
