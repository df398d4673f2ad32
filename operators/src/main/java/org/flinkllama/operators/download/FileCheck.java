package org.flinkllama.operators.download;

import java.io.IOException;
import java.nio.file.Path;

/// Looks into a downloaded file before it gets its name.
@FunctionalInterface
public interface FileCheck {
    /// Throws where the file is of no use; it is deleted then.
    void check(Path file) throws IOException;
}
