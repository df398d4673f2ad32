package org.flinkllama.jobs.archive.output;

import java.util.Optional;
import org.flinkllama.jobs.archive.file.ParquetModule;

/// How enrichments are written to files.
public enum OutputFormat {
    /// One JSON object a line, the same bytes as on a topic.
    JSONL(".jsonl"),
    /// Avro containers of the enrichments' schema, records with the same bytes as on a topic.
    AVRO(".avro"),
    /// Parquet files of the enrichments' schema, which [ParquetModule] writes.
    PARQUET(".parquet");

    private final String extension;

    OutputFormat(String extension) {
        this.extension = extension;
    }

    String extension() {
        return extension;
    }

    /// How files of the format are written and joined; empty where they are lines.
    Optional<ContainerFormat> containers() {
        return switch (this) {
            case JSONL -> Optional.empty();
            case AVRO -> Optional.of(new AvroContainers());
            case PARQUET -> Optional.of(ParquetModule.part(ContainerFormat.class));
        };
    }
}
