package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointStorageTest {
    @TempDir
    private Path folder;

    @Test
    void takesAndGivesNothingWhileItFails() throws IOException {
        CheckpointStorage storage = CheckpointStorage.create(folder);
        Files.writeString(storage.link().resolve("before"), "kept");
        storage.fail();
        assertThat(storage.link().resolve("before")).doesNotExist();
        assertThat(storage.link().resolve("job").toFile().mkdirs()).isFalse();
        assertThatThrownBy(() -> Files.writeString(storage.link().resolve("during"), "lost"))
                .isInstanceOf(IOException.class);
        storage.repair();
        assertThat(storage.link().resolve("before")).hasContent("kept");
        assertThat(storage.link().resolve("job").toFile().mkdirs()).isTrue();
    }
}
