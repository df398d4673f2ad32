package org.flinkllama.operators.format;

import java.nio.ByteBuffer;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;

/// The bytes of a record's value, copied so that the record stays untouched.
public final class RecordValue {
    private RecordValue() {}

    /// @param noun what is expected in it, such as `document`
    public static byte[] of(InputRecord record, String noun) throws RecordRejectedException {
        ByteBuffer value = record.getValue();
        if (value == null) {
            throw unreadable("The record has no value; expected a " + noun + ". Filter deletions out of the topic.");
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    /// A rejection named for this rule: a library's exception has another name where the library is relocated, and its
    /// message may quote the record.
    public static RecordRejectedException unreadable(String message) {
        return RecordRejectedException.by(RecordFormat.class, Stage.DECODE, message);
    }
}
