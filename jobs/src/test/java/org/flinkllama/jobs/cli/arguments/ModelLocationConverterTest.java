package org.flinkllama.jobs.cli.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.flinkllama.operators.download.ModelCache;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.ModelLocation.Local;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;

final class ModelLocationConverterTest {
    @TempDir
    private Path home;

    private ModelCache cache;
    private ModelLocationConverter converter;

    @BeforeEach
    void open() {
        cache = ModelCache.ofUser(Map.of("XDG_CACHE_HOME", home.toString()));
        converter = new ModelLocationConverter(cache);
    }

    @Test
    void takesAFileThatIsThere() throws Exception {
        Path file = Files.createFile(home.resolve("M.gguf"));
        assertThat(converter.convert(file.toString())).isEqualTo(new Local(file.toString()));
        assertThat(converter.convert(file.toUri().toString())).isEqualTo(new Local(file.toString()));
    }

    @Test
    void takesAModelOfTheCacheByItsName() throws Exception {
        Path file = cache.file("tiny");
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThat(file).isEqualTo(home.resolve("flink-llama/models/tiny.gguf"));
        assertThat(converter.convert("tiny")).isEqualTo(new Local(file.toString()));
        assertThat(converter.absolute("tiny")).isEqualTo(file.toString());
        assertThat(cache.names()).containsExactly("tiny");
    }

    @Test
    void saysHowToGetAKnownModelThatIsNotHere() {
        assertThatThrownBy(() -> converter.convert("llama-3.2-1b-instruct"))
                .hasMessageContaining("flink-llama model pull llama-3.2-1b-instruct");
    }

    @Test
    void leavesAPathThatIsNotHereAsItIs() {
        assertThat(converter.convert("/models/M.gguf")).isEqualTo(new Local("/models/M.gguf"));
        assertThat(converter.convert("../M.gguf")).isEqualTo(new Local("../M.gguf"));
    }

    @Test
    void leavesAddressesToWhoeverOpensTheModel() {
        assertThat(converter.convert("s3://bucket/M.gguf")).isEqualTo(ModelLocation.of("s3://bucket/M.gguf"));
        assertThat(converter.absolute("cache:model")).isEqualTo("cache:model");
        assertThatThrownBy(() -> converter.convert("https://user:secret@host/M.gguf"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("has a user or password in it")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("secret"));
    }
}
