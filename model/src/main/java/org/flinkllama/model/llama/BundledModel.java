package org.flinkllama.model.llama;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.flinkllama.model.gguf.GgufFile;

/// The small model that comes with the project, so that everything works offline. What it can and can't do is said
/// in `starter.md` beside it.
public final class BundledModel {
    private static final String RESOURCE = "starter-q8_0.gguf";
    private static final String SHA256 = "d434b59976891f4b12c971587551d1d7019016091b29b734179d0ba00571b92b";

    private BundledModel() {}

    /// The model as a file that can be mapped: unpacked once into the user's cache folder (`XDG_CACHE_HOME`, or
    /// `~/.cache`), or the folder for temporary files where that one can't be written.
    public static Path file() throws IOException {
        IOException refused = null;
        for (Path folder : new Path[] {userCache(), Path.of(System.getProperty("java.io.tmpdir"), "flink-llama")}) {
            try {
                return unpacked(folder);
            } catch (IOException unusable) {
                refused = unusable;
            }
        }
        throw refused;
    }

    private static Path userCache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("flink-llama");
    }

    private static Path unpacked(Path folder) throws IOException {
        Path file = folder.resolve("starter-" + SHA256.substring(0, 12) + ".gguf");
        if (Files.isRegularFile(file) && GgufFile.sha256(file).equals(SHA256)) {
            return file;
        }
        Files.createDirectories(folder);
        Path partial = Files.createTempFile(folder, "starter-", ".part");
        try (InputStream packed = BundledModel.class.getResourceAsStream(RESOURCE)) {
            Files.copy(packed, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException unpackedMeanwhile) {
            Files.deleteIfExists(partial);
        }
        return file;
    }
}
