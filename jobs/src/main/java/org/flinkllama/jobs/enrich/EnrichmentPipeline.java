package org.flinkllama.jobs.enrich;

import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.enrich.EnrichmentTopology;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// The topology of the enrichment job, the same for production, tests and archives.
///
/// @param documents   records that hold documents
/// @param enrichments takes one enrichment for each document
/// @param deadLetters takes every record that could not be enriched
public record EnrichmentPipeline(
        Source<InputRecord, ?, ?> documents, Sink<Enrichment> enrichments, Sink<DeadLetter> deadLetters) {
    /// Adds the topology to `environment`.
    public void build(StreamExecutionEnvironment environment, EnrichmentPlan plan) {
        build(environment, plan, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /// Adds the topology to `environment`.
    ///
    /// @param ahead  what is done with the records before they are enriched, such as leaving some out
    /// @param behind what is done with the enrichments before they are written
    public void build(
            StreamExecutionEnvironment environment,
            EnrichmentPlan plan,
            UnaryOperator<DataStream<InputRecord>> ahead,
            UnaryOperator<DataStream<Enrichment>> behind) {
        DataStream<InputRecord> records = environment
                .fromSource(
                        documents, WatermarkStrategy.noWatermarks(), "documents", new AvroTypeInfo<>(InputRecord.class))
                .uid("documents");
        EnrichmentTopology.Results results = EnrichmentTopology.enrich(ahead.apply(records), plan);
        behind.apply(results.enrichments())
                .map(new EnrichmentCounter())
                .returns(new AvroTypeInfo<>(Enrichment.class))
                .name("count-enrichments")
                .uid("count-enrichments")
                .sinkTo(enrichments)
                .name("enrichments")
                .uid("enrichments");
        results.deadLetters()
                .map(new DeadLetterCounter())
                .returns(new AvroTypeInfo<>(DeadLetter.class))
                .name("count-dead-letters")
                .uid("count-dead-letters")
                .sinkTo(deadLetters)
                .name("dead-letters")
                .uid("dead-letters");
    }
}
