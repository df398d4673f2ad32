package org.flinkllama.jobs.cluster;

import java.nio.file.Path;
import java.time.Duration;

/// What a cluster is made of.
///
/// @param folder         holds all that the processes write: settings, logs, what the JobManager recovers from
/// @param taskManagers   TaskManagers that it starts with
/// @param slots          of each TaskManager
/// @param memory         mebibytes of each TaskManager's process, but for mapped model files
/// @param sessionTimeout after which ZooKeeper gives a silent JobManager up; at least two seconds
public record ClusterOptions(Path folder, int taskManagers, int slots, int memory, Duration sessionTimeout) {
    private static final int SMALLEST_MEMORY = 512;

    public ClusterOptions {
        folder = folder.toAbsolutePath();
        require(taskManagers >= 1, "task-managers", taskManagers, "1 or more");
        require(slots >= 1, "slots", slots, "1 or more");
        require(memory >= SMALLEST_MEMORY, "task-manager-memory", memory, SMALLEST_MEMORY + " MiB or more");
        require(
                sessionTimeout.compareTo(Duration.ofSeconds(2)) >= 0,
                "session-timeout",
                sessionTimeout,
                "2 seconds or more");
    }

    /// Two TaskManagers of two slots: small, and one can be lost.
    public static ClusterOptions in(Path folder) {
        return new ClusterOptions(folder, 2, 2, 640, Duration.ofSeconds(6));
    }

    private static void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
