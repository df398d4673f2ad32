package org.flinkllama.operators.fetch;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/// A file system that Flink finds as it finds those of its plugins: `shelf://` and a path on this machine.
public final class ShelfFileSystem implements FileSystemFactory {
    @Override
    public String getScheme() {
        return "shelf";
    }

    @Override
    public FileSystem create(URI address) {
        return new LocalFileSystem();
    }
}
