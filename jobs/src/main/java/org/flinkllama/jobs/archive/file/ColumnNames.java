package org.flinkllama.jobs.archive.file;

import java.io.Serializable;

/// Which columns of a CSV or Parquet file, or fields of an Avro record, hold what a document needs.
///
/// @param id        column of the id; where there is none, ids are made of the file's name and the row's line
/// @param text      column of the text
/// @param separator between the columns of a CSV file
public record ColumnNames(String id, String text, char separator) implements Serializable {
    public static final ColumnNames DEFAULT = new ColumnNames("id", "text", ',');

    public ColumnNames {
        if (id.isBlank() || text.isBlank() || id.equals(text)) {
            throw new IllegalArgumentException(
                    "The columns of id and text are '" + id + "' and '" + text + "'; expected two different names.");
        }
        if (separator == '"' || separator == '\n' || separator == '\r' || separator > 126) {
            throw new IllegalArgumentException("Option 'csv-separator' is character " + (int) separator
                    + "; expected one ASCII character such as ',', ';' or a tab, and no quote.");
        }
    }
}
