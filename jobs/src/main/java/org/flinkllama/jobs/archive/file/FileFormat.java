package org.flinkllama.jobs.archive.file;

import java.util.Locale;
import java.util.Optional;

/// What the files of an archive hold.
public enum FileFormat {
    /// One JSON object a line, as on a topic.
    JSONL,
    /// A header row, then one document a row.
    CSV,
    /// The whole file is one document.
    TEXT,
    /// One document a line.
    LINES,
    /// An Avro container.
    AVRO,
    /// A Parquet file, which [ParquetModule] reads.
    PARQUET;

    /// The format that a file's name stands for, whatever it is compressed with.
    public static Optional<FileFormat> ofName(String name) {
        String plain = Compression.ofName(name).plainName(name).toLowerCase(Locale.ROOT);
        int dot = plain.lastIndexOf('.');
        return switch (dot < 0 ? "" : plain.substring(dot + 1)) {
            case "jsonl", "ndjson", "json" -> Optional.of(JSONL);
            case "csv", "tsv" -> Optional.of(CSV);
            case "txt", "text", "md" -> Optional.of(TEXT);
            case "avro" -> Optional.of(AVRO);
            case "parquet" -> Optional.of(PARQUET);
            default -> Optional.empty();
        };
    }
}
