package org.flinkllama.operators.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.flinkllama.operators.download.source.DownloadException;

/// What has arrived of a file, and the record of where it comes from. Trouble with the disk is no reason to ask the
/// server again: it leaves as a [DownloadException].
final class PartialFile {
    private final Path file;
    private final Path path;
    private final Path record;

    /// @param file where the whole file will stand
    PartialFile(Path file) {
        this.file = file;
        this.path = file.resolveSibling(file.getFileName() + ".part");
        this.record = file.resolveSibling(file.getFileName() + ".part.json");
    }

    Path path() {
        return path;
    }

    long size() {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Where the bytes that are there come from; nothing where there are none that could be used.
    Optional<Origin> origin() {
        try {
            return Files.exists(path) ? Origin.read(record) : Optional.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Forgets what is there and begins a file from this origin.
    void begin(Origin origin) {
        try {
            discard();
            origin.write(record);
            Files.createFile(path);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Forgets what is there.
    void discard() {
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(record);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    FileChannel append() {
        try {
            return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Adds bytes. Where the disk refuses them, what arrived before is deleted: others may need the room.
    void write(FileChannel channel, ByteBuffer bytes) throws InterruptedException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (ClosedByInterruptException stopped) {
            Thread.interrupted();
            throw new InterruptedException("The download was stopped.");
        } catch (IOException e) {
            long arrived = size();
            discard();
            throw new DownloadException(
                    "The file '" + path + "' can't be written beyond " + ByteCount.text(arrived) + ": " + e.getMessage()
                            + ". What arrived was deleted. Make room in '" + path.getParent()
                            + "', or choose another folder.",
                    e);
        }
    }

    /// Refuses a transfer that the disk has no room for, and gives back what it has of it.
    void requireSpace(long bytes) {
        try {
            long free = Files.getFileStore(file.getParent()).getUsableSpace();
            if (bytes > free) {
                discard();
                throw new DownloadException("The disk of '" + file.getParent() + "' has " + free / 1_000_000
                        + " MB left; the download needs " + bytes / 1_000_000
                        + " MB more. Make room there, or choose another folder.");
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Gives the file its name, with the record beside it.
    void publish(Origin origin) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        origin.write(ModelCache.record(file));
        Files.move(path, file, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(record);
    }

    private DownloadException unusable(IOException e) {
        return new DownloadException(
                "The file '" + path + "' can't be written: " + e.getMessage()
                        + ". What arrived is kept; the same command goes on.",
                e);
    }
}
