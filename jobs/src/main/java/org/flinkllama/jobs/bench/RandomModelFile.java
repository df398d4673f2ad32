package org.flinkllama.jobs.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.flinkllama.model.tensor.TensorType;

/// A model of random weights that is written once and then kept.
///
/// @param type of the matrices
public record RandomModelFile(ModelShape shape, RandomType type, long seed) {
    private static final int SMALL_BLOCK = 32;

    /// The file in `folder`, written where it is missing.
    ///
    /// @throws IllegalArgumentException where the shape's rows can't be cut into the type's blocks
    public Path in(Path folder, PrintWriter progress) throws IOException {
        Path file = folder.resolve(
                "%s-%s-%d.gguf".formatted(shape.dimensions(), type.toString().toLowerCase(Locale.ROOT), seed));
        if (Files.isRegularFile(file)) {
            return file;
        }
        Files.createDirectories(folder);
        Path partial = Files.createTempFile(folder, "random-", ".part");
        try {
            progress.println("Writing random weights, this once: " + file + " …");
            progress.flush();
            type.applyTo(shape.randomModel()).seed(seed).write(partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IllegalArgumentException cut) {
            throw new IllegalArgumentException(
                    "Shape '%s' can't be %s: %s Use another shape, or one of %s."
                            .formatted(name(shape), type, cut.getMessage(), typesOfSmallBlocks()),
                    cut);
        } finally {
            Files.deleteIfExists(partial);
        }
        return file;
    }

    private static String name(ModelShape shape) {
        return shape.name().toLowerCase(Locale.ROOT);
    }

    private static String typesOfSmallBlocks() {
        return Arrays.stream(TensorType.values())
                .filter(type -> type.blockElements() <= SMALL_BLOCK)
                .map(TensorType::name)
                .collect(Collectors.joining(", "));
    }
}
