package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.flinkllama.model.llama.BundledModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelLocationTest {
    private static final String HASH = "ab".repeat(32);

    @Test
    void tellsPathsAddressesAndNamesApart() {
        assertThat(ModelLocation.of("models/M.gguf")).isEqualTo(new ModelLocation.Local("models/M.gguf"));
        assertThat(ModelLocation.of("file:///models/M.gguf")).isEqualTo(new ModelLocation.Local("/models/M.gguf"));
        assertThat(ModelLocation.of("file:/a%20b.gguf")).isEqualTo(new ModelLocation.Local("/a b.gguf"));
        assertThat(ModelLocation.of("cache:llama")).isEqualTo(new ModelLocation.Shipped("llama"));
        assertThat(ModelLocation.of(ModelLocation.BUNDLED)).isEqualTo(new ModelLocation.Bundled());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://host/a/M.gguf?v=1", "s3://bucket/M.gguf", "hdfs:///M.gguf", "s3a://b/x/M.gguf"})
    void takesAnyAddressOfAFile(String address) {
        assertThat(ModelLocation.of(address)).isEqualTo(new ModelLocation.Remote(URI.create(address)));
        assertThat(ModelLocation.of(address).text()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket", "https://host/folder/", "https://ho st/M.gguf", "cache:", "file:M.gguf"})
    void refusesWhatIsTheAddressOfNoFile(String text) {
        assertThatThrownBy(() -> ModelLocation.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void showsNoSecret() {
        assertThat(ModelLocation.of("https://host/M.gguf?signature=canary")).hasToString("https://host/M.gguf");
        assertThatThrownBy(() -> ModelLocation.of("s3://key:canary@bucket/M.gguf"))
                .hasMessageContaining("has a user or password in it")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("canary"));
    }

    @Test
    void findsOnDiskWhatIsThere() throws Exception {
        assertThat(ModelFiles.ON_DISK.file(wanted(ModelLocation.BUNDLED))).isEqualTo(BundledModel.file());
        assertThat(ModelFiles.ON_DISK.file(wanted("M.gguf"))).isEqualTo(Path.of("M.gguf"));
        assertThatThrownBy(() -> ModelFiles.ON_DISK.file(wanted("s3://bucket/M.gguf")))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("'s3://bucket/M.gguf' is not on this machine");
    }

    @Test
    void isWantedWithAHashThatCanBeOne() {
        WantedModel wanted = new WantedModel(ModelLocation.of("M.gguf"), HASH.toUpperCase(), "");
        wanted.requireSha256(Path.of("M.gguf"), HASH);
        assertThatThrownBy(() -> wanted.requireSha256(Path.of("M.gguf"), "c".repeat(64)))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("'M.gguf' has the SHA-256 " + "c".repeat(64) + "; expected " + HASH);
        wanted("M.gguf").requireSha256(Path.of("M.gguf"), HASH);
        assertThatThrownBy(() -> new WantedModel(wanted.location(), "ab12", ""))
                .hasMessageContaining("Option 'model-sha256' is 'ab12'; expected 64 hexadecimal digits");
    }

    private static WantedModel wanted(String text) {
        return WantedModel.at(ModelLocation.of(text));
    }
}
