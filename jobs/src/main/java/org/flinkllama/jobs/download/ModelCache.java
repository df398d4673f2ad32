package org.flinkllama.jobs.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.flinkllama.jobs.download.http.DownloadException;

/// The folder of downloaded models: `NAME.gguf` each, with `NAME.gguf.json` beside it that says where it came from.
///
/// @param folder made when the first model comes
public record ModelCache(Path folder) {
    private static final String SUFFIX = ".gguf";

    /// The user's own: `flink-llama/models` in `XDG_CACHE_HOME`, or in `~/.cache`.
    public static ModelCache ofUser(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path root = cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return new ModelCache(root.resolve("flink-llama").resolve("models"));
    }

    /// Where the model of this name stands, or would stand.
    public Path file(String name) {
        requireName(name);
        return folder.resolve(name + SUFFIX);
    }

    /// A model that is there.
    public Optional<Path> find(String name) {
        if (!isName(name)) {
            return Optional.empty();
        }
        return Optional.of(file(name)).filter(Files::isRegularFile);
    }

    /// Names of the models that are there.
    public List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    /// Keeps others from a model's files until it is closed.
    Claim claim(String name) throws IOException {
        Files.createDirectories(folder);
        Path path = folder.resolve("." + name + ".lock");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new Claim(file(name), channel);
            }
        } catch (OverlappingFileLockException ownProcess) {
            // Told below: whoever holds it, it is held.
        }
        channel.close();
        throw new DownloadException("'" + name + "' is being downloaded by somebody else, who holds '" + path
                + "'. Wait until that has ended.");
    }

    /// A model's files, ours alone.
    record Claim(Path file, FileChannel channel) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// The record beside a file.
    static Path record(Path file) {
        return file.resolveSibling(file.getFileName() + ".json");
    }

    static boolean isName(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,150}");
    }

    static void requireName(String name) {
        if (!isName(name)) {
            throw new DownloadException("'" + name + "' can't be a model's name; expected 1 to 150 letters, digits,"
                    + " '.', '_' or '-', the first no sign. Give another with --as.");
        }
    }
}
