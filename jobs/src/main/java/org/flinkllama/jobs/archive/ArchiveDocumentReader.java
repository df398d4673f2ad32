package org.flinkllama.jobs.archive;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;

/// Reads documents of an archive's records as those of a topic are read, JSON or Avro by their first byte, and refuses
/// those that the source found to be none.
public final class ArchiveDocumentReader implements DocumentReader {
    private static final long serialVersionUID = 1L;

    /// Begins Avro's single-object encoding, and no text in UTF-8.
    private static final byte AVRO = (byte) 0xC3;

    private static final DocumentReader JSON_READER = RecordFormat.JSON.documentReader();
    private static final DocumentReader AVRO_READER = RecordFormat.AVRO.documentReader();

    @Override
    public Document read(InputRecord record) throws RecordRejectedException {
        Optional<String> refusal = ArchiveHeaders.refusal(record);
        if (refusal.isPresent()) {
            throw RecordRejectedException.by(ArchiveDocumentReader.class, Stage.DECODE, refusal.get());
        }
        ByteBuffer value = record.getValue();
        boolean avro =
                value.remaining() > 1 && value.get(value.position()) == AVRO && value.get(value.position() + 1) == 1;
        return (avro ? AVRO_READER : JSON_READER).read(record);
    }
}
