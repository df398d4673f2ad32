package org.flinkllama.operators.converse.documents;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;

/// The text of a document that was looked up for a turn. It travels in a header behind the record's own, and is
/// taken off where the record leaves as a dead letter.
public final class AttachedDocument {
    static final String HEADER = "flink-llama.attached-document";

    private AttachedDocument() {}

    /// @throws RecordRejectedException where a record comes with the header already; stage `VALIDATE`
    public static void refuse(InputRecord record) throws RecordRejectedException {
        if (of(record).isPresent()) {
            throw RecordRejectedException.by(
                    AttachedDocument.class,
                    Stage.VALIDATE,
                    "The record has the header '" + HEADER + "', which is used inside the job. Send the document in "
                            + "field 'documentText'.");
        }
    }

    static InputRecord attach(InputRecord record, String text) {
        List<InputHeader> headers = new ArrayList<>(record.getHeaders());
        headers.add(new InputHeader(HEADER, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
        return withHeaders(record, headers);
    }

    /// The text that was attached to a record.
    public static Optional<String> of(InputRecord record) {
        return record.getHeaders().stream()
                .filter(AttachedDocument::isOurs)
                .findFirst()
                .map(header -> StandardCharsets.UTF_8
                        .decode(header.getValue().duplicate())
                        .toString());
    }

    /// The dead letter with its record as it came.
    public static DeadLetter detach(DeadLetter letter) {
        InputRecord record = letter.getRecord();
        List<InputHeader> headers =
                record.getHeaders().stream().filter(header -> !isOurs(header)).toList();
        return new DeadLetter(
                withHeaders(record, headers), letter.getStage(), letter.getExceptionClass(), letter.getMessage());
    }

    private static boolean isOurs(InputHeader header) {
        return header.getName().equals(HEADER) && header.getValue() != null;
    }

    private static InputRecord withHeaders(InputRecord record, List<InputHeader> headers) {
        return new InputRecord(
                record.getTopic(),
                record.getPartition(),
                record.getOffset(),
                record.getTimestamp(),
                record.getKey(),
                record.getValue(),
                headers);
    }
}
