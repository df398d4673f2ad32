package org.flinkllama.operators.fetch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.flinkllama.operators.download.http.WebAddress;
import org.flinkllama.operators.download.source.DownloadException;
import org.flinkllama.operators.download.source.FileSource;
import org.flinkllama.operators.download.source.Patience;
import org.flinkllama.operators.download.source.RemoteFile;
import org.flinkllama.operators.download.source.TimedInput;

/// A file in one of the file systems that Flink has here.
record FlinkFile(URI address, Patience patience) implements FileSource {
    @Override
    public String shown() {
        return WebAddress.shown(address);
    }

    /// Versions are told from each other by size and time of change.
    @Override
    public RemoteFile open(long position, String validator) throws IOException {
        try {
            FileSystem files = FileSystem.get(address);
            Path path = new Path(address);
            FileStatus status = files.getFileStatus(path);
            if (status.isDir()) {
                throw new DownloadException(shown() + " is a folder; expected a GGUF file.");
            }
            String version = status.getLen() + " bytes of " + status.getModificationTime();
            long start = version.equals(validator) ? position : 0;
            FSDataInputStream bytes = files.open(path);
            bytes.seek(start);
            return new RemoteFile(start, status.getLen(), version, "", new TimedInput(bytes, patience.stall()));
        } catch (UnsupportedFileSystemSchemeException unknown) {
            throw new DownloadException(
                    "Flink has no file system for " + shown() + " here. Put the plugin for '" + address.getScheme()
                            + "' into 'plugins' of every Flink process's installation, or give option 'model' an https"
                            + " address or a path.",
                    unknown);
        } catch (FileNotFoundException | NoSuchFileException missing) {
            throw new DownloadException("There is no file at " + shown() + "; check option 'model'.", missing);
        } catch (AccessDeniedException refused) {
            throw new DownloadException(
                    "The file system refuses " + shown() + ": " + refused.getMessage()
                            + ". Give Flink's configuration credentials that may read it.",
                    refused);
        }
    }

    /// A file system belongs to the process.
    @Override
    public void close() {}
}
