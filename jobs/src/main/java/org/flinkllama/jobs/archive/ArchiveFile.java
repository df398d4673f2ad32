package org.flinkllama.jobs.archive;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;

/// A file of an archive.
///
/// @param name     what it is called in records and ids: its path below the folder that the user named
/// @param location its path, for Flink's file systems
/// @param size     bytes as it is stored
/// @param modified milliseconds since the epoch
public record ArchiveFile(String name, String location, long size, long modified, FileFormat format)
        implements Serializable {
    Path path() {
        return new Path(location);
    }

    /// The file's bytes, to be read as its format says.
    public FileContent content(ColumnNames columns) {
        return new FileContent(name, format, columns, size, this::open);
    }

    private FSDataInputStream open(long offset) throws IOException {
        FSDataInputStream stream = path().getFileSystem().open(path());
        if (offset > 0) {
            stream.seek(offset);
        }
        return stream;
    }
}
