package org.flinkllama.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.cache.DistributedCache;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.download.FileServer;
import org.flinkllama.operators.download.source.Patience;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.replica.WantedModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostFilesTest {
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), 2, Duration.ofMillis(1), Duration.ofMillis(1));

    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path folder;

    private byte[] model;
    private String sha256;

    @BeforeEach
    void readModel() throws IOException {
        model = Files.readAllBytes(BundledModel.file());
        sha256 = GgufFile.sha256(BundledModel.file());
    }

    @Test
    void fetchesFromTheWebOnceUnderTheFilesOwnName() throws Exception {
        try (FileServer server = new FileServer(model)) {
            String address = server.address("/models/tiny.gguf?key=canary");
            Path file = files().file(wanted(address, sha256));
            assertThat(file).hasBinaryContent(model).hasFileName("tiny.gguf");
            assertThat(file.getParent()).isEqualTo(folder.resolve("first").resolve(sha256.substring(0, 16)));
            assertThat(files().file(wanted(address, sha256))).isEqualTo(file);
            assertThat(server.requests()).hasSize(1);
            assertThat(said)
                    .first()
                    .asString()
                    .startsWith("Model " + server.address("/models/tiny.gguf") + " begins with");
            assertThat(said).last().asString().endsWith("SHA-256 " + sha256);
            assertThat(said).noneMatch(line -> line.contains("canary"));
        }
    }

    @Test
    void fetchesFromAFileSystemThatFlinkHas() throws Exception {
        Path shelved = Files.write(folder.resolve("tiny.gguf"), model);
        Path file = files().file(wanted("shelf://" + shelved, ""));
        assertThat(file).hasBinaryContent(model);
        Files.delete(shelved);
        assertThat(files().file(wanted("shelf://" + shelved, ""))).isEqualTo(file);
    }

    @Test
    void goesOnBehindWhatCameFromAFileSystemUnlessTheFileWasChanged() throws Exception {
        Path shelved = Files.write(folder.resolve("tiny.gguf"), model);
        FlinkFile source = new FlinkFile(shelved.toUri(), SHORT);
        String validator;
        try (var whole = source.open(0, "")) {
            validator = whole.validator();
            assertThat(whole.total()).isEqualTo(model.length);
        }
        try (var rest = source.open(1000, validator)) {
            byte[] read = new byte[10];
            assertThat(rest.start()).isEqualTo(1000);
            assertThat(rest.read(read)).isEqualTo(10);
            assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(model, 1000, 1010));
        }
        Files.write(shelved, new byte[2000]);
        try (var other = source.open(1000, validator)) {
            assertThat(other.start()).isZero();
        }
    }

    @Test
    void keepsFilesOfOneNameApart() throws Exception {
        try (FileServer server = new FileServer(model)) {
            Path one = files().file(wanted(server.address("/one/tiny.gguf"), ""));
            Path other = files().file(wanted(server.address("/other/tiny.gguf"), ""));
            assertThat(one).isNotEqualTo(other).hasSameBinaryContentAs(other);
        }
    }

    @Test
    void refusesAWrongHashAndLeavesNothing() throws Exception {
        try (FileServer server = new FileServer(model)) {
            WantedModel wanted = wanted(server.address("/tiny.gguf"), "a".repeat(64));
            assertThatThrownBy(() -> files().file(wanted))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("has the SHA-256 " + sha256 + "; expected " + "a".repeat(64));
        }
        assertThat(left()).containsExactly(".tiny.lock");
    }

    @Test
    void refusesWhatIsNoModelAndLeavesNothing() throws Exception {
        try (FileServer server = new FileServer("<html>Sign in</html>".getBytes())) {
            assertThatThrownBy(() -> files().file(wanted(server.address("/tiny.gguf"), "")))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("is no model");
        }
        assertThat(left()).containsExactly(".tiny.lock");
    }

    @Test
    void mayHaveLaterWhatAServerInTroubleDoesNotGive() throws Exception {
        try (FileServer server = new FileServer(model).refuses(503, 3)) {
            assertThatThrownBy(() -> files().file(wanted(server.address("/tiny.gguf"), "")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("HTTP 503");
            assertThat(files().file(wanted(server.address("/tiny.gguf"), ""))).hasBinaryContent(model);
        }
    }

    @Test
    void saysWhatIsMissingForAnAddress() {
        assertThatThrownBy(() -> files().file(wanted("attic://old/M.gguf", "")))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("no file system for attic://old/M.gguf")
                .hasMessageContaining("the plugin for 'attic'");
        assertThatThrownBy(() -> files().file(wanted("shelf:///nowhere/M.gguf", "")))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("no file at shelf:///nowhere/M.gguf");
    }

    @Test
    void takesFilesOfFlinksDistributedCache() throws Exception {
        Path shipped = Files.write(folder.resolve("shipped"), model);
        DistributedCache cache = new DistributedCache(
                Map.of("llama", CompletableFuture.completedFuture(new org.apache.flink.core.fs.Path(shipped.toUri()))));
        HostFiles inTask = new HostFiles(List.of(), Optional.of(cache), SHORT, said::add);
        assertThat(inTask.file(wanted("cache:llama", ""))).isEqualTo(shipped);
        assertThatThrownBy(() -> inTask.file(wanted("cache:lama", "")))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("no file 'lama'")
                .hasMessageContaining("-D pipeline.cached-files=\"name:lama,");
        assertThatThrownBy(() -> files().file(wanted("cache:llama", "")))
                .hasMessageContaining("in a cluster's distributed cache");
    }

    @Test
    void takesTheFirstFolderThatCanBeWritten() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        List<Path> folders = List.of(file.resolve("sub"), folder.resolve("second"));
        Path shelved = Files.write(folder.resolve("tiny.gguf"), model);
        WantedModel wanted = wanted("shelf://" + shelved, "");
        assertThat(new HostFiles(folders, Optional.empty(), SHORT, said::add).file(wanted))
                .startsWith(folder.resolve("second"));
        WantedModel chosen =
                new WantedModel(wanted.location(), "", folder.resolve("third").toString());
        assertThat(files().file(chosen)).startsWith(folder.resolve("third"));
        WantedModel unusable = new WantedModel(wanted.location(), "", file.toString());
        assertThatThrownBy(() -> files().file(unusable))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("Set option 'model-cache'");
    }

    private HostFiles files() {
        return new HostFiles(List.of(folder.resolve("first")), Optional.empty(), SHORT, said::add);
    }

    private static WantedModel wanted(String location, String sha256) {
        return new WantedModel(ModelLocation.of(location), sha256, "");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("first"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }
}
