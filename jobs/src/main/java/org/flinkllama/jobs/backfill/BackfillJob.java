package org.flinkllama.jobs.backfill;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.archive.output.DoneIds;
import org.flinkllama.jobs.enrich.EnrichmentPipeline;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// The enrichment pipeline between an input that ends and an output.
///
/// @param plan what is asked of the model; reads documents as the input has them
/// @param done documents that are left out
public record BackfillJob(BackfillInput input, BackfillOutput output, EnrichmentPlan plan, DoneIds done) {
    /// Requests computed beside each other where nobody says otherwise.
    public static final int MAX_SEQUENCES = 32;

    /// Prompt tokens of a step where nobody says otherwise: nobody waits for one document.
    public static final int PREFILL_CHUNK = 256;

    /// Adds the topology to `environment`.
    ///
    /// @param checkpointed file of this machine that is made when the job's first checkpoint is complete
    public void build(StreamExecutionEnvironment environment, Optional<Path> checkpointed) {
        build(environment, checkpointed, UnaryOperator.identity());
    }

    /// Adds the topology to a cluster's `environment`, where nobody is before the job: it sees by itself to it that no
    /// other writes to its folder.
    public void buildForCluster(StreamExecutionEnvironment environment) {
        build(environment, Optional.empty(), this::claimed);
    }

    private void build(
            StreamExecutionEnvironment environment,
            Optional<Path> checkpointed,
            UnaryOperator<DataStream<Enrichment>> behind) {
        new EnrichmentPipeline(input.source(), output.enrichments(), output.deadLetters())
                .build(environment, plan, records -> ahead(records, checkpointed), behind);
    }

    private DataStream<Enrichment> claimed(DataStream<Enrichment> enrichments) {
        return switch (output) {
            case BackfillOutput.Files(var folder, var _) ->
                enrichments
                        .transform("claim-output", new AvroTypeInfo<>(Enrichment.class), new ClaimOutput(folder))
                        .uid("claim-output");
            case BackfillOutput.Topics _ -> enrichments;
        };
    }

    private DataStream<InputRecord> ahead(DataStream<InputRecord> records, Optional<Path> checkpointed) {
        InputTally.Unit unit =
                switch (input) {
                    case BackfillInput.Files _ -> InputTally.Unit.BYTES;
                    case BackfillInput.Topic _ -> InputTally.Unit.OFFSETS;
                };
        String file = checkpointed.map(Path::toString).orElse("");
        DataStream<InputRecord> counted = records.map(new InputTally(unit, input.size(), file))
                .returns(new AvroTypeInfo<>(InputRecord.class))
                .name("count-input")
                .uid("count-input");
        return done.files().isEmpty()
                ? counted
                : counted.filter(new SkipDone(done, plan.reader()))
                        .name("skip-done")
                        .uid("skip-done");
    }
}
