package org.flinkllama.operators;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// Records as a source would give them.
public final class SampleRecords {
    private SampleRecords() {}

    public static InputRecord record(long offset, byte[] value) {
        return InputRecord.newBuilder()
                .setTopic("documents")
                .setPartition(3)
                .setOffset(offset)
                .setTimestamp(1000 + offset)
                .setKey(ByteBuffer.wrap("key".getBytes(StandardCharsets.UTF_8)))
                .setValue(value == null ? null : ByteBuffer.wrap(value))
                .setHeaders(List.of(new InputHeader("trace", ByteBuffer.wrap(new byte[] {1, 2, 3}))))
                .build();
    }

    public static InputRecord record(String value) {
        return record(7, value.getBytes(StandardCharsets.UTF_8));
    }

    /// A JSON document; neither id nor text may need escapes.
    public static InputRecord document(long offset, String id, String text) {
        return record(
                offset, ("{\"id\": \"" + id + "\", \"text\": \"" + text + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    public static Document document(String text) {
        return Document.newBuilder().setId("a-1").setText(text).build();
    }
}
