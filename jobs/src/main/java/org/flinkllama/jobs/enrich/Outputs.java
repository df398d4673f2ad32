package org.flinkllama.jobs.enrich;

import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.operators.format.RecordFormat;

/// Where the job writes.
///
/// @param enrichments topic of the enrichments
/// @param writer      how an enrichment is written
/// @param deadLetters topic of the records that could not be enriched
public record Outputs(String enrichments, EnrichmentWriter writer, String deadLetters) {
    public Outputs(String enrichments, RecordFormat format, String deadLetters) {
        this(enrichments, format.enrichmentWriter(), deadLetters);
    }
}
