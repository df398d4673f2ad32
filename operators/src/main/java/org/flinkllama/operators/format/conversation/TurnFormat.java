package org.flinkllama.operators.format.conversation;

import java.io.Serializable;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// How a turn stands in a record's value. Safe for use by many threads.
public interface TurnFormat extends Serializable {
    /// Called before the first record. Throws where something that it needs beside the records is not to be had.
    default void prepare() {}

    /// The turn in a record, which stays as it is.
    ///
    /// @throws RecordRejectedException where the record holds no readable turn; stage `DECODE`
    Turn read(InputRecord record) throws RecordRejectedException;

    byte[] write(Turn turn);

    static TurnFormat of(RecordFormat format) {
        return switch (format) {
            case JSON -> new JsonTurnFormat();
            case AVRO -> new AvroTurnFormat();
        };
    }
}
