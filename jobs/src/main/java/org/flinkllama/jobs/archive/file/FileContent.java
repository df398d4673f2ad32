package org.flinkllama.jobs.archive.file;

import java.io.IOException;
import java.io.InputStream;

/// A file of an archive, to be read as often as is needed.
///
/// @param name    what it is called in records, ids and messages
/// @param columns where documents stand in rows and records
/// @param size    bytes as it is stored
/// @param bytes   opens the file as it is stored
public record FileContent(String name, FileFormat format, ColumnNames columns, long size, Bytes bytes) {
    /// Opens a file from an offset on.
    @FunctionalInterface
    public interface Bytes {
        InputStream open(long offset) throws IOException;
    }

    public Compression compression() {
        return Compression.ofName(name);
    }

    /// The file's content from the beginning, decompressed.
    public InputStream open() throws IOException {
        InputStream stored = bytes.open(0);
        try {
            return compression().open(stored);
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    /// A stretch of the content, decompressed.
    public InputStream open(Stretch stretch) throws IOException {
        return stretch.isWhole() ? open() : new StretchStream(bytes.open(stretch.offset()), stretch.length());
    }
}
