package org.flinkllama.operators.format;

import java.nio.ByteBuffer;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
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

    public static RecordRejectedException unreadable(String message) {
        return RecordRejectedException.by(RecordFormat.class, Stage.DECODE, message);
    }

    /// A rejection named for the library's exception, whose own message may quote the record and is left out.
    public static RecordRejectedException unreadable(Exception cause, String message) {
        return new RecordRejectedException(
                new Rejection(Stage.DECODE, cause.getClass().getName(), message));
    }
}
