package org.flinkllama.operators.download.source;

import java.io.IOException;

/// A file elsewhere, asked for anew wherever a connection was lost.
public interface FileSource extends AutoCloseable {
    /// Where the file is, without anything secret.
    String shown();

    /// Asks for the file from a position on.
    ///
    /// @param validator version of the file that the position belongs to; for another one the whole file comes
    /// @throws IOException       where asking again may help
    /// @throws DownloadException where it would not
    RemoteFile open(long position, String validator) throws IOException, InterruptedException;

    @Override
    void close();
}
