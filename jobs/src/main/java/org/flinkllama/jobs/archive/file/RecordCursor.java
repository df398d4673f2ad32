package org.flinkllama.jobs.archive.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Goes over the records of one stretch of one file. Used by one thread; closes what it reads from.
public interface RecordCursor extends Closeable {
    /// The next record; empty behind the last one.
    ///
    /// @throws IOException where the file can't be read at all, which is no fault of a record
    Optional<Entry> next() throws IOException;
}
