package org.flinkllama.operators.format;

import java.io.Serializable;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads the document in a record's value. A pure function of the record, which it leaves as it is: documents are
/// read again when work on them starts or is restored. Safe for use by many threads.
public interface DocumentReader extends Serializable {
    /// Called before the first record. Throws where something that it needs beside the records is not to be had.
    default void prepare() {}

    /// @throws RecordRejectedException where the record holds no readable document; stage `DECODE`
    Document read(InputRecord record) throws RecordRejectedException;
}
