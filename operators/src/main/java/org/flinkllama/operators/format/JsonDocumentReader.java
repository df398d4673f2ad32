package org.flinkllama.operators.format;

import java.util.List;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads documents written as one JSON object in UTF-8, types taken strictly.
public final class JsonDocumentReader implements DocumentReader {
    private static final long serialVersionUID = 1L;

    private static final JsonFields.Expected EXPECTED = new JsonFields.Expected(
            "document",
            List.of("id", "text"),
            List.of("id", "text", "title", "language", "eventTime", "questions", "attributes", "tenant"),
            "put fields of your own under 'attributes'");

    @Override
    public Document read(InputRecord record) throws RecordRejectedException {
        JsonFields fields = JsonFields.of(record, EXPECTED);
        return Document.newBuilder()
                .setId(fields.required("id"))
                .setText(fields.required("text"))
                .setTitle(fields.optional("title"))
                .setLanguage(fields.optional("language"))
                .setEventTime(fields.time("eventTime"))
                .setQuestions(fields.strings("questions"))
                .setAttributes(fields.stringsByName("attributes"))
                .setTenant(fields.optional("tenant"))
                .build();
    }
}
