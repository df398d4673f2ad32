package org.flinkllama.jobs.local;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;

/// What a job of this machine leaves for its next run. Each run writes its checkpoints into a folder of its own,
/// `run-N/chk-M`; a run that was told to begin anew is `run-N-anew`, and no later run looks behind it.
///
/// Held by one process at a time, by a lock that ends with the process however it ends.
public final class JobFolder implements AutoCloseable {
    private static final Pattern RUN = Pattern.compile("run-(\\d{6})(-anew)?");
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d+)");

    private final Path folder;
    private final FileChannel lock;

    private JobFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// Makes the folder where it is missing, and takes its lock.
    public static JobFolder open(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new JobFolderException("Another process works on this job (its folder '" + folder
                        + "' is locked). Stop that one first, or give this job another --job-name, or a backfill another"
                        + " --output or --work-dir.");
            }
            return new JobFolder(folder, channel);
        } catch (IOException e) {
            throw new JobFolderException(
                    "The folder for checkpoints '" + folder + "' can't be written (" + e.getMessage()
                            + "). Give another --checkpoint-dir, or a backfill another --work-dir.",
                    e);
        }
    }

    public Path path() {
        return folder;
    }

    /// The last checkpoint that any run completed, where there is one.
    public Optional<Path> lastCheckpoint() {
        for (Path run : runs().reversed()) {
            Optional<Path> checkpoint = numbered(run, CHECKPOINT).reversed().stream()
                    .filter(JobFolder::completed)
                    .findFirst();
            if (checkpoint.isPresent() || beginsAnew(run)) {
                return checkpoint;
            }
        }
        return Optional.empty();
    }

    /// Folder for the checkpoints of a new run that goes on from [#lastCheckpoint()]. Runs from before that
    /// checkpoint's are deleted.
    public Path nextRun() {
        Optional<Path> needed = lastCheckpoint().map(Path::getParent);
        List<Path> runs = runs();
        needed.ifPresent(run -> runs.subList(0, runs.indexOf(run)).forEach(JobFolder::delete));
        return newRun("");
    }

    /// Folder for the checkpoints of a new run that leaves all earlier ones behind.
    public Path nextRunAnew() {
        return newRun("-anew");
    }

    /// Folder for the checkpoints of a new run that begins from a checkpoint or savepoint of the user's and leaves
    /// all earlier runs behind.
    public Path nextRunFrom(Path checkpoint) {
        if (!completed(checkpoint)) {
            throw new JobFolderException("There is no complete checkpoint or savepoint in '" + checkpoint
                    + "'; expected a folder with a whole file '_metadata'. Give another --restore.");
        }
        return nextRunAnew();
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new JobFolderException("The lock of '" + folder + "' could not be closed.", e);
        }
    }

    private Path newRun(String suffix) {
        List<Path> runs = runs();
        long number = runs.isEmpty() ? 1 : number(runs.getLast(), RUN) + 1;
        Path run = folder.resolve("run-%06d%s".formatted(number, suffix));
        try {
            return Files.createDirectory(run);
        } catch (IOException e) {
            throw new JobFolderException("The folder '" + run + "' can't be made: " + e.getMessage(), e);
        }
    }

    private List<Path> runs() {
        return numbered(folder, RUN);
    }

    private static boolean beginsAnew(Path run) {
        return run.getFileName().toString().endsWith("-anew");
    }

    /// A process that is killed while it writes may leave a checkpoint without its metadata, or with half of it.
    private static boolean completed(Path checkpoint) {
        Path metadata = checkpoint.resolve("_metadata");
        if (!Files.isRegularFile(metadata)) {
            return false;
        }
        try (DataInputStream stream = new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
            Checkpoints.loadCheckpointMetadata(stream, JobFolder.class.getClassLoader(), checkpoint.toString());
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static List<Path> numbered(Path parent, Pattern pattern) {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry ->
                            pattern.matcher(entry.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(entry -> number(entry, pattern)))
                    .toList();
        } catch (IOException e) {
            throw new JobFolderException("The folder '" + parent + "' can't be read: " + e.getMessage(), e);
        }
    }

    private static long number(Path entry, Pattern pattern) {
        Matcher name = pattern.matcher(entry.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException("'" + entry + "' has no number.");
        }
        return Long.parseLong(name.group(1));
    }

    private static void delete(Path run) {
        try {
            TemporaryFolder.delete(run);
        } catch (IOException e) {
            throw new JobFolderException("The checkpoints '" + run + "' of an old run can't be deleted.", e);
        }
    }
}
