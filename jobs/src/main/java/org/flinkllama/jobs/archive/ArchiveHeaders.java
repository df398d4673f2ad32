package org.flinkllama.jobs.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// What the source tells with a record beside its value.
public final class ArchiveHeaders {
    private static final String REFUSAL = "flink-llama.archive.refusal";
    private static final String BYTES_READ = "flink-llama.archive.bytes-read";

    private ArchiveHeaders() {}

    static InputHeader refusal(String reason) {
        return new InputHeader(REFUSAL, ByteBuffer.wrap(reason.getBytes(StandardCharsets.UTF_8)));
    }

    static InputHeader bytesRead(long bytes) {
        return new InputHeader(BYTES_READ, ByteBuffer.allocate(Long.BYTES).putLong(0, bytes));
    }

    /// Why the source could make no document of the record; empty where it may hold one.
    static Optional<String> refusal(InputRecord record) {
        return value(record, REFUSAL)
                .map(bytes -> StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
    }

    /// Bytes of the archive that were read since the last record that told of some.
    public static long bytesRead(InputRecord record) {
        return value(record, BYTES_READ)
                .map(bytes -> bytes.getLong(bytes.position()))
                .orElse(0L);
    }

    /// The record without what is of use to progress alone.
    public static InputRecord withoutBytesRead(InputRecord record) {
        List<InputHeader> headers = record.getHeaders().stream()
                .filter(header -> !header.getName().equals(BYTES_READ))
                .toList();
        return headers.size() == record.getHeaders().size()
                ? record
                : InputRecord.newBuilder(record).setHeaders(headers).build();
    }

    private static Optional<ByteBuffer> value(InputRecord record, String name) {
        return record.getHeaders().stream()
                .filter(header -> header.getName().equals(name))
                .findFirst()
                .map(InputHeader::getValue);
    }
}
