package org.flinkllama.jobs.cli.cluster;

import java.nio.file.Path;
import org.flinkllama.jobs.cluster.ClusterException;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import picocli.CommandLine.Option;

/// Which cluster a command is about.
final class ClusterFolder {
    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Folder of the cluster: logs, checkpoints, savepoints, and which processes it has. Default:"
                    + " flink-llama/cluster in $XDG_STATE_HOME or ~/.local/state.")
    private Path folder;

    Path path() {
        if (folder != null) {
            return folder.toAbsolutePath();
        }
        String state = System.getenv("XDG_STATE_HOME");
        Path root = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return root.resolve("flink-llama").resolve("cluster");
    }

    /// The cluster that is up.
    StandingCluster cluster() {
        return StandingCluster.find(path())
                .orElseThrow(() -> new ClusterException("There is no cluster in folder '" + path()
                        + "'. Start one with 'flink-llama cluster up', or give option 'dir' its folder."));
    }
}
