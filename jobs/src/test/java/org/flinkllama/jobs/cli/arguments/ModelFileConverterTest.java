package org.flinkllama.jobs.cli.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.flinkllama.jobs.download.ModelCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFileConverterTest {
    @TempDir
    private Path home;

    private ModelCache cache;
    private ModelFileConverter converter;

    @BeforeEach
    void open() {
        cache = ModelCache.ofUser(Map.of("XDG_CACHE_HOME", home.toString()));
        converter = new ModelFileConverter(cache);
    }

    @Test
    void takesAFileThatIsThere() throws Exception {
        Path file = Files.createFile(home.resolve("M.gguf"));
        assertThat(converter.convert(file.toString())).isEqualTo(file);
    }

    @Test
    void takesAModelOfTheCacheByItsName() throws Exception {
        Path file = cache.file("tiny");
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThat(file).isEqualTo(home.resolve("flink-llama/models/tiny.gguf"));
        assertThat(converter.convert("tiny")).isEqualTo(file);
        assertThat(cache.names()).containsExactly("tiny");
    }

    @Test
    void saysHowToGetAKnownModelThatIsNotHere() {
        assertThatThrownBy(() -> converter.convert("llama-3.2-1b-instruct"))
                .hasMessageContaining("flink-llama model pull llama-3.2-1b-instruct");
    }

    @Test
    void leavesAPathThatIsNotHereAsItIs() {
        assertThat(converter.convert("/models/M.gguf")).isEqualTo(Path.of("/models/M.gguf"));
        assertThat(converter.convert("../M.gguf")).isEqualTo(Path.of("../M.gguf"));
    }
}
