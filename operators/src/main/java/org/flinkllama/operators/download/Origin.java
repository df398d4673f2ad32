package org.flinkllama.operators.download;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Where a file came from; stands beside it as JSON.
///
/// @param url       address that was asked for
/// @param validator what the server tells this version of the file from others by (strong ETag, or Last-Modified);
///                  empty where it says nothing
/// @param sha256    64 hexadecimal digits that the server announced, or that were computed; empty where unknown
/// @param bytes     size of the whole file; 0 where unknown
@JsonIgnoreProperties(ignoreUnknown = true)
record Origin(String url, String validator, String sha256, long bytes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What stands in a file; nothing where there is none, or none that can be read.
    static Optional<Origin> read(Path file) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), Origin.class));
        } catch (NoSuchFileException | com.fasterxml.jackson.core.JacksonException unknown) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, JSON.writeValueAsString(this));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    boolean canBeResumed() {
        return !validator.isEmpty();
    }

    Origin with(String computedSha256, long size) {
        return new Origin(url, validator, computedSha256, size);
    }
}
