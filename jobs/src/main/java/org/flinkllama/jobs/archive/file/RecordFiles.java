package org.flinkllama.jobs.archive.file;

import java.io.IOException;
import java.util.List;

/// Reads files of one format.
public interface RecordFiles {
    /// Goes over the records of a stretch that [#cut] has made, or of a whole file.
    RecordCursor open(FileContent file, Stretch stretch) throws IOException;

    /// Cuts a file into stretches of about `bytes` each, the same ones for the same file.
    List<Stretch> cut(FileContent file, long bytes) throws IOException;
}
