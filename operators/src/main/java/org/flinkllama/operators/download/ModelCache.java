package org.flinkllama.operators.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.flinkllama.operators.download.source.DownloadException;

/// The folder of downloaded models: `NAME.gguf` each, with `NAME.gguf.json` beside it that says where it came from.
///
/// @param folder made when the first model comes
public record ModelCache(Path folder) {
    private static final String SUFFIX = ".gguf";
    private static final Duration POLL = Duration.ofMillis(200);

    /// The user's own: `models` in [#root].
    public static ModelCache ofUser(Map<String, String> environment) {
        return new ModelCache(root(environment).resolve("models"));
    }

    /// The folder of all that this project keeps of files from elsewhere: `flink-llama` in `XDG_CACHE_HOME`, or in
    /// `~/.cache`.
    public static Path root(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path root = cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("flink-llama");
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
    ///
    /// @throws DownloadException where others do so
    Claim claim(String name) throws IOException {
        return tryClaim(name)
                .orElseThrow(
                        () -> new DownloadException("'" + name + "' is being downloaded by somebody else, who holds '"
                                + lock(name) + "'. Wait until that has ended."));
    }

    /// The same, behind those who came before.
    Claim awaitClaim(String name, TransferListener listener) throws IOException, InterruptedException {
        Optional<Claim> claim = tryClaim(name);
        while (claim.isEmpty()) {
            listener.waits(new PartialFile(file(name)).size());
            Thread.sleep(POLL);
            claim = tryClaim(name);
        }
        return claim.get();
    }

    /// A lock of the file system holds between processes, and the JVM refuses a second one to its own threads,
    /// whatever class loader they come from.
    private Optional<Claim> tryClaim(String name) throws IOException {
        Files.createDirectories(folder);
        Path path = lock(name);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new Claim(file(name), channel));
            }
        } catch (OverlappingFileLockException ownProcess) {
            // Told below: whoever holds it, it is held.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    private Path lock(String name) {
        return folder.resolve("." + name + ".lock");
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
