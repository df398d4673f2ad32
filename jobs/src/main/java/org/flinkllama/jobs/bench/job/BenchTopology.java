package org.flinkllama.jobs.bench.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.flinkllama.jobs.bench.documents.DocumentPlan;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.enrich.EnrichmentTopology;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// The enrichment topology between a source in memory and nowhere, asking one thing of every document.
final class BenchTopology {
    private final DocumentPlan plan;

    BenchTopology(DocumentPlan plan) {
        this.plan = plan;
    }

    void build(
            StreamExecutionEnvironment environment,
            GeneratorFunction<Long, InputRecord> documents,
            long count,
            int threads) {
        DataGeneratorSource<InputRecord> source =
                new DataGeneratorSource<>(documents, count, new AvroTypeInfo<>(InputRecord.class));
        DataStream<InputRecord> records = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "documents")
                .uid("documents");
        EnrichmentTopology.Results results = EnrichmentTopology.enrich(
                records,
                EnrichmentPlan.of(
                        RecordFormat.JSON.documentReader(),
                        plan.options(),
                        plan.replica().withThreads(threads)));
        results.enrichments()
                .map(new EnrichmentMeter(plan.stream().warmUpDocuments()))
                .returns(new AvroTypeInfo<>(Enrichment.class))
                .uid("meter")
                .sinkTo(new DiscardingSink<>())
                .uid("enrichments");
        results.deadLetters()
                .map(new NoDeadLetter())
                .returns(new AvroTypeInfo<>(DeadLetter.class))
                .uid("no-dead-letter")
                .sinkTo(new DiscardingSink<>())
                .uid("dead-letters");
    }
}
