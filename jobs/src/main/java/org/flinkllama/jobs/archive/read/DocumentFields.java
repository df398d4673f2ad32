package org.flinkllama.jobs.archive.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;

/// Fields by name, from a row or a record, on their way to a document: id and text under their columns' names, the
/// other fields of a document under its own names, and the rest as its attributes.
final class DocumentFields {
    private static final List<String> FURTHER = List.of("title", "language", "eventTime", "tenant");

    private final ColumnNames columns;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();

    /// @param derivedId id where none comes
    DocumentFields(ColumnNames columns, String derivedId) {
        this.columns = columns;
        fields.put("id", derivedId);
        fields.put("text", "");
    }

    void put(String name, String value) {
        if (name.equals(columns.id())) {
            if (!value.isEmpty()) {
                fields.put("id", value);
            }
        } else if (name.equals(columns.text())) {
            fields.put("text", value);
        } else if (!FURTHER.contains(name)) {
            attributes.put(name, value);
        } else if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    Entry entry(long number) {
        return Entry.document(number, fields.get("id"), DocumentJson.write(fields, attributes));
    }
}
