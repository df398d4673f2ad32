package org.flinkllama.jobs.faults;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// A record as a reader sees it.
///
/// @param stream which of the run's topics it stands in, by number: their names differ from run to run
/// @param origin what it is owed for
/// @param bytes  key, value, and names and values of the headers; nulls for what is null
record OutputRecord(int stream, Origin origin, List<Object> bytes) {
    static OutputRecord of(InputRecord record, Workload workload, String run) {
        List<Object> bytes = new ArrayList<>();
        bytes.add(copy(record.getKey()));
        bytes.add(copy(record.getValue()));
        for (InputHeader header : record.getHeaders()) {
            bytes.add(header.getName());
            bytes.add(copy(header.getValue()));
        }
        return new OutputRecord(workload.outputs(run).indexOf(record.getTopic()), workload.origin(record), bytes);
    }

    Object key() {
        return bytes.getFirst();
    }

    /// Its value as text.
    String text() {
        List<?> value = (List<?>) bytes.get(1);
        byte[] characters = new byte[value.size()];
        for (int index = 0; index < characters.length; index++) {
            characters[index] = (Byte) value.get(index);
        }
        return new String(characters, StandardCharsets.UTF_8);
    }

    /// A list of bytes is equal to another of the same bytes, and does not change.
    private static List<Byte> copy(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        List<Byte> bytes = new ArrayList<>();
        for (int position = buffer.position(); position < buffer.limit(); position++) {
            bytes.add(buffer.get(position));
        }
        return bytes;
    }
}
