package org.flinkllama.operators.fetch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.flinkllama.operators.download.source.Patience;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.WantedModel;

/// Fetches a model as a TaskManager would, and says on standard output how far it is and where the file stands.
final class FetchingProcess {
    private FetchingProcess() {}

    /// @param arguments folder, address and SHA-256
    public static void main(String[] arguments) throws Exception {
        HostFiles files =
                new HostFiles(List.of(Path.of(arguments[0])), Optional.empty(), Patience.USUAL, System.out::println);
        System.out.println(files.file(new WantedModel(ModelLocation.of(arguments[1]), arguments[2], "")));
    }
}
