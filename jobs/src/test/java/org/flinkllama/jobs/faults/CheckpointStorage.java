package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A folder for checkpoints that can be made to fail: a link, which is set on a place where no folder can be, and
/// back. Both take effect at once and everywhere; permissions would not bind root.
record CheckpointStorage(Path link, Path files) {
    static CheckpointStorage create(Path folder) throws IOException {
        Path files = Files.createDirectories(folder.resolve("storage"));
        CheckpointStorage storage = new CheckpointStorage(folder.resolve("checkpoints"), files);
        storage.repair();
        return storage;
    }

    void fail() throws IOException {
        pointTo(Path.of("/dev/null/no-storage"));
    }

    void repair() throws IOException {
        pointTo(files);
    }

    private void pointTo(Path target) throws IOException {
        Path next = link.resolveSibling("next-link");
        Files.createSymbolicLink(next, target);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
