package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedModelsTest {
    private final List<CountedModel> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("a.gguf"), "a");
    }

    @Test
    void opensAFileOnceForAllWhoUseIt() throws IOException {
        SharedModels<CountedModel> models = models(Duration.ofMinutes(1));
        Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), file);

        var first = models.lease(file);
        var second = models.lease(link);

        assertThat(second.model()).isSameAs(first.model());
        assertThat(opened).hasSize(1);
    }

    @Test
    void keepsAModelForAWhileForATaskThatIsRestarted() throws IOException {
        SharedModels<CountedModel> models = models(Duration.ofMinutes(1));
        models.lease(file).close();

        assertThat(models.lease(file).model()).isSameAs(opened.getFirst());
        assertThat(opened.getFirst().closed).isFalse();
    }

    @Test
    void closesAModelThatNobodyUsedForAWhile() throws IOException {
        SharedModels<CountedModel> models = models(Duration.ofMillis(20));
        var first = models.lease(file);
        var second = models.lease(file);
        first.close();
        first.close();
        await().during(Duration.ofMillis(100)).until(() -> !opened.getFirst().closed);

        second.close();

        await().until(() -> opened.getFirst().closed);
        models.lease(file);
        assertThat(opened).hasSize(2);
    }

    @Test
    void takesAFileThatWasReplacedForAnotherModel() throws IOException {
        SharedModels<CountedModel> models = models(Duration.ofMinutes(1));
        models.lease(file);
        Files.writeString(file, "longer");

        models.lease(file);

        assertThat(opened).hasSize(2);
        assertThat(opened.getFirst().closed).isFalse();
    }

    @Test
    void saysWhichFileIsMissing() {
        SharedModels<CountedModel> models = models(Duration.ofMinutes(1));

        assertThatThrownBy(() -> models.lease(folder.resolve("b.gguf")))
                .isInstanceOf(ReplicaException.class)
                .hasMessageStartingWith("Model '" + folder.resolve("b.gguf") + "' does not exist");
        assertThatThrownBy(() -> models.lease(folder))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("is no file");
    }

    private SharedModels<CountedModel> models(Duration linger) {
        return new SharedModels<>(
                path -> {
                    opened.add(new CountedModel());
                    return opened.getLast();
                },
                linger);
    }

    private static final class CountedModel implements AutoCloseable {
        private volatile boolean closed;

        @Override
        public void close() {
            assertThat(closed).isFalse();
            closed = true;
        }
    }
}
