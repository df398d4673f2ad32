package org.flinkllama.jobs.parquet;

/// A file that is no Parquet file, or none that can be read here. The message says what was found and what to do.
final class UnreadableParquetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableParquetException(String message) {
        super(message);
    }
}
