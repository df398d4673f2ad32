package org.flinkllama.jobs.backfill;

import org.apache.flink.api.connector.sink2.Sink;
import org.flinkllama.jobs.archive.output.FileSinks;
import org.flinkllama.jobs.archive.output.OutputFormat;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.kafka.RecordSinks;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;

/// Where a backfill writes, exactly once.
public sealed interface BackfillOutput {
    /// Files in a folder, refused records in a folder in it.
    record Files(String folder, OutputFormat format) implements BackfillOutput {}

    /// Topics, in the transactions of checkpoints.
    record Topics(RecordSinks sinks, Outputs outputs) implements BackfillOutput {}

    default Sink<Enrichment> enrichments() {
        return switch (this) {
            case Files(var folder, var format) -> new FileSinks(folder).enrichments(format);
            case Topics(var sinks, var outputs) -> sinks.enrichments(outputs.enrichments(), outputs.writer());
        };
    }

    default Sink<DeadLetter> deadLetters() {
        return switch (this) {
            case Files(var folder, var _) -> new FileSinks(folder).deadLetters();
            case Topics(var sinks, var outputs) -> sinks.deadLetters(outputs.deadLetters());
        };
    }
}
