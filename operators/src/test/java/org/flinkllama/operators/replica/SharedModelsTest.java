package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.operators.replica.ReplicaSource.Stay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedModelsTest {
    private final List<CountedModel> opened = new ArrayList<>();
    private final Map<String, Runnable> ends = new HashMap<>();
    private final SharedModels<CountedModel> models = new SharedModels<>(this::open, CountedModel::close);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("a.gguf"), "a");
    }

    @Test
    void opensAFileOnceForAllWhoUseIt() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), file);

        var first = models.lease(file, Stay.NONE);
        var second = models.lease(link, Stay.NONE);

        assertThat(second.model()).isSameAs(first.model());
        assertThat(opened).hasSize(1);
    }

    @Test
    void keepsAModelForATaskThatIsRestartedUntilItsJobHasLeft() throws IOException {
        models.lease(file, job("a")).close();
        assertThat(models.lease(file, job("a")).model()).isSameAs(opened.getFirst());

        var other = models.lease(file, job("b"));
        ends.get("a").run();
        ends.get("b").run();
        assertThat(opened.getFirst().closed).isFalse();
        other.close();
        other.close();
        assertThat(opened.getFirst().closed).isFalse();
    }

    @Test
    void closesAModelThatIsUnusedWhenTheLastJobThatUsedItLeaves() throws IOException {
        models.lease(file, job("a")).close();
        models.lease(file, job("b")).close();

        ends.get("a").run();
        assertThat(opened.getFirst().closed).isFalse();
        ends.get("b").run();
        assertThat(opened.getFirst().closed).isTrue();

        models.lease(file, job("c"));
        assertThat(opened).hasSize(2);
    }

    @Test
    void closesAModelWithItsLastLeaseWhereItsJobHasLeftBefore() throws IOException {
        var first = models.lease(file, job("a"));
        var second = models.lease(file, Stay.NONE);
        ends.get("a").run();

        first.close();
        first.close();
        assertThat(opened.getFirst().closed).isFalse();
        second.close();
        assertThat(opened.getFirst().closed).isTrue();
    }

    @Test
    void takesAFileThatWasReplacedForAnotherModel() throws IOException {
        var before = models.lease(file, job("a"));
        Files.writeString(file, "longer");

        models.lease(file, job("a")).close();

        assertThat(opened).hasSize(2);
        assertThat(opened.getFirst().closed).isFalse();
        before.close();
        assertThat(opened.getFirst().closed).isTrue();
        assertThat(opened.getLast().closed).isFalse();
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> models.lease(folder.resolve("b.gguf"), Stay.NONE))
                .isInstanceOf(ReplicaException.class)
                .hasMessageStartingWith("Model '" + folder.resolve("b.gguf") + "' does not exist");
        assertThatThrownBy(() -> models.lease(folder, Stay.NONE))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("is no file");
    }

    private CountedModel open(Path path) {
        opened.add(new CountedModel());
        return opened.getLast();
    }

    private Stay job(String name) {
        return new Stay(name, end -> ends.putIfAbsent(name, end));
    }

    private static final class CountedModel {
        private boolean closed;

        private void close() {
            assertThat(closed).isFalse();
            closed = true;
        }
    }
}
