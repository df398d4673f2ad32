package org.flinkllama.operators.format;

/// How documents and enrichments are written in a record's value.
public enum RecordFormat {
    /// One JSON object in UTF-8.
    JSON,
    /// Avro's single-object encoding: bytes C3 01, the schema's fingerprint, the record.
    AVRO;

    public DocumentReader documentReader() {
        return switch (this) {
            case JSON -> new JsonDocumentReader();
            case AVRO -> new AvroDocumentReader();
        };
    }

    public EnrichmentWriter enrichmentWriter() {
        return switch (this) {
            case JSON -> new JsonEnrichmentWriter();
            case AVRO -> new AvroEnrichmentWriter();
        };
    }
}
