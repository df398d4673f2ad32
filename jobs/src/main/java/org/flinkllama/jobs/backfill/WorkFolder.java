package org.flinkllama.jobs.backfill;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.flinkllama.jobs.local.JobFolder;

/// What a backfill keeps beside its output: what it was asked for, its checkpoints, and whether it has ended.
///
/// @param path of the folder, which is the backfill's own
public record WorkFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> SETTINGS = new TypeReference<>() {};

    /// Folder of the checkpoints.
    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /// File that is there when a checkpoint was complete.
    public Path checkpointed() {
        return path.resolve("checkpointed");
    }

    /// What the backfill was asked for; empty where none was begun.
    public Optional<Map<String, String>> settings() {
        Path file = path.resolve("settings.json");
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), SETTINGS)) : Optional.empty();
        } catch (IOException e) {
            throw new BackfillException(
                    "The settings '" + file + "' of an earlier run can't be read. Begin anew with --restart.", e);
        }
    }

    /// Notes what the backfill is asked for.
    public void begin(Map<String, String> settings) {
        try {
            Files.createDirectories(path);
            Path file = path.resolve("settings.json");
            Path written = path.resolve("settings.json.new");
            JSON.writerWithDefaultPrettyPrinter().writeValue(written.toFile(), new TreeMap<>(settings));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Whether all is done. Flink deletes the checkpoints of a job that has ended, and of no other: one that was
    /// killed before it could be noted is found by that. Where its last checkpoint is still there, everything in it
    /// has ended, and so will a job that goes on from it.
    public boolean hasEnded() {
        if (Files.exists(path.resolve("complete"))) {
            return true;
        }
        if (!Files.exists(checkpointed())) {
            return false;
        }
        try (JobFolder folder = JobFolder.open(checkpoints())) {
            return folder.lastCheckpoint().isEmpty();
        }
    }

    /// Notes that all is done.
    public void complete() {
        try {
            if (!Files.exists(path.resolve("complete"))) {
                Files.createFile(path.resolve("complete"));
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Forgets everything, unless another process works on it.
    public void clear() {
        if (!Files.exists(path)) {
            return;
        }
        try (JobFolder locked = JobFolder.open(checkpoints());
                Stream<Path> files = Files.walk(path)) {
            Path lock = locked.path().resolve("lock");
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!lock.startsWith(file)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private BackfillException unusable(IOException e) {
        return new BackfillException(
                "The work folder '" + path + "' can't be used: " + e.getMessage() + ". Give another --work-dir.", e);
    }
}
