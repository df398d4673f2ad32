package org.flinkllama.operators.replica;

import java.io.IOException;
import java.nio.file.Path;
import org.flinkllama.model.llama.BundledModel;

/// Finds models' files on the machine that opens them.
@FunctionalInterface
public interface ModelFiles {
    /// What is on the machine already.
    ModelFiles ON_DISK = wanted -> switch (wanted.location()) {
        case ModelLocation.Bundled() -> BundledModel.file();
        case ModelLocation.Local(String path) -> Path.of(path);
        case ModelLocation.Remote _, ModelLocation.Shipped _ ->
            throw new ReplicaException("Model '" + wanted.location() + "' is not on this machine; expected a path.");
    };

    /// The file, brought here where it is not; whether it is the right one is for whoever opens it to see.
    ///
    /// @throws ReplicaException where it can't be had, and asking again would not help
    /// @throws IOException      where it can't be had now
    Path file(WantedModel wanted) throws IOException, InterruptedException;
}
