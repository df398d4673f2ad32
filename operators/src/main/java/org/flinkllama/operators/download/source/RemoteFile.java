package org.flinkllama.operators.download.source;

import java.io.IOException;

/// A file elsewhere whose bytes are still to be read.
///
/// @param start           where in the file the bytes begin
/// @param total           bytes of the whole file; 0 where the source doesn't say
/// @param validator       what a later request can ask by whether the file is still the same; empty where nothing is
/// @param announcedSha256 what the source says of the file, 64 lower-case hexadecimal digits; empty where it is silent
public record RemoteFile(long start, long total, String validator, String announcedSha256, TimedInput bytes)
        implements AutoCloseable {
    /// Reads some bytes; -1 at the end.
    public int read(byte[] buffer) throws IOException, InterruptedException {
        return bytes.read(buffer);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
