package org.flinkllama.operators.format;

import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads documents in Avro's single-object encoding.
public final class AvroDocumentReader implements DocumentReader {
    private static final long serialVersionUID = 1L;

    private static final SingleObjectReader<Document> READER =
            new SingleObjectReader<>(Document.class, Document.getClassSchema(), "document");

    @Override
    public Document read(InputRecord record) throws RecordRejectedException {
        return READER.read(record);
    }
}
