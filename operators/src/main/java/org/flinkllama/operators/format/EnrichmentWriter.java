package org.flinkllama.operators.format;

import java.io.Serializable;
import org.flinkllama.schemas.v1.Enrichment;

/// Writes an enrichment as the value of a record. Equal enrichments give equal bytes: entries of maps are written
/// in order of their keys. Safe for use by many threads.
public interface EnrichmentWriter extends Serializable {
    byte[] write(Enrichment enrichment);
}
