package org.flinkllama.jobs.archive.read;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;

/// Fields by name, from a row or a record, on their way to a document: id and text under their columns' names, the
/// other fields of a document under its own names, and the rest as its attributes.
public final class DocumentFields {
    private static final String TIME = "eventTime";
    private static final List<String> FURTHER = List.of("title", "language", TIME, "tenant");
    private static final Pattern MILLISECONDS = Pattern.compile("-?\\d{1,18}");

    private final ColumnNames columns;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> questions = new ArrayList<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();

    /// @param derivedId id where none comes
    public DocumentFields(ColumnNames columns, String derivedId) {
        this.columns = columns;
        fields.put("id", derivedId);
        fields.put("text", "");
    }

    /// Sets a column's value.
    public void put(String name, String value) {
        if (name.equals(columns.id())) {
            if (!value.isEmpty()) {
                fields.put("id", value);
            }
        } else if (name.equals(columns.text())) {
            fields.put("text", value);
        } else if (!FURTHER.contains(name)) {
            attributes.put(name, value);
        } else if (!value.isEmpty()) {
            fields.put(
                    name,
                    name.equals(TIME) && MILLISECONDS.matcher(value).matches()
                            ? Instant.ofEpochMilli(Long.parseLong(value)).toString()
                            : value);
        }
    }

    /// Adds a question of the document's own.
    public void addQuestion(String question) {
        questions.add(question);
    }

    /// Sets an attribute, whatever it is called.
    public void putAttribute(String name, String value) {
        attributes.put(name, value);
    }

    /// The document.
    public Entry entry(long number) {
        return Entry.document(number, fields.get("id"), DocumentJson.write(fields, questions, attributes));
    }
}
