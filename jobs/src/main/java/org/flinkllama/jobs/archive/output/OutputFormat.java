package org.flinkllama.jobs.archive.output;

/// How enrichments are written to files.
public enum OutputFormat {
    /// One JSON object a line, the same bytes as on a topic.
    JSONL(".jsonl"),
    /// Avro containers of the enrichments' schema, records with the same bytes as on a topic.
    AVRO(".avro");

    private final String extension;

    OutputFormat(String extension) {
        this.extension = extension;
    }

    String extension() {
        return extension;
    }
}
