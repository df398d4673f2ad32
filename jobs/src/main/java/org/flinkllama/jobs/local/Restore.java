package org.flinkllama.jobs.local;

import java.nio.file.Path;

/// What a job begins from.
public sealed interface Restore {
    /// The last checkpoint that an earlier run of the job completed; the input's beginning where there is none.
    record Automatic() implements Restore {}

    /// Nothing: what earlier runs left is not looked at.
    record Nothing() implements Restore {}

    /// A checkpoint or savepoint of the user's.
    record From(Path checkpoint) implements Restore {}

    /// Reads `auto`, `none` or a path.
    static Restore of(String words) {
        return switch (words) {
            case "auto" -> new Automatic();
            case "none" -> new Nothing();
            default -> new From(Path.of(words));
        };
    }
}
