package org.flinkllama.operators.format.registry;

import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads documents whose schemas a registry keeps.
public record RegistryDocumentReader(RegistryCodec<Document> codec) implements DocumentReader {
    public static RegistryDocumentReader of(RegistryAccess access, String topic) {
        return new RegistryDocumentReader(new RegistryCodec<>(access, Document.class, "document", topic));
    }

    @Override
    public void prepare() {
        codec.requireRegistry();
    }

    @Override
    public Document read(InputRecord record) throws RecordRejectedException {
        return codec.read(record);
    }
}
