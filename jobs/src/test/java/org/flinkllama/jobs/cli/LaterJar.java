package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/// A job's jar as a later release would be: of another version, and with a class that writes something else.
final class LaterJar {
    /// What the class of [#of] writes before the name of the words around a conversation.
    static final String MARK = "later-version";

    private static final String MARKED = "conversation-"; // as long, or the class could not be read

    private LaterJar() {}

    /// Makes it of the one that was built.
    static Path of(Path jar, Path later) throws IOException {
        Files.copy(jar, later);
        try (FileSystem entries = FileSystems.newFileSystem(later)) {
            replace(entries.getPath("META-INF/MANIFEST.MF"), "Implementation-Version: ", "Implementation-Version: 9.");
            replace(
                    entries.getPath("org/flinkllama/operators/conversation/prompt/ConversationProfile.class"),
                    MARKED,
                    MARK);
        }
        return later;
    }

    private static void replace(Path entry, String found, String other) throws IOException {
        String content = Files.readString(entry, StandardCharsets.ISO_8859_1); // each byte is a sign
        assertThat(content).as(entry.toString()).containsOnlyOnce(found);
        Files.writeString(entry, content.replace(found, other), StandardCharsets.ISO_8859_1);
    }
}
