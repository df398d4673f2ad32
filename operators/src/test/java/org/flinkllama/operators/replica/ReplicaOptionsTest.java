package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.flinkllama.model.cache.CacheType;
import org.junit.jupiter.api.Test;

class ReplicaOptionsTest {
    private static final long SMALL = 3584;

    private final ReplicaOptions options = ReplicaOptions.of(Path.of("model.gguf"));

    @Test
    void takesTheModelsOwnContextUpToABound() {
        assertThat(options.engineOptions(512, SMALL).contextLength()).isEqualTo(512);
        assertThat(options.engineOptions(131_072, SMALL).contextLength()).isEqualTo(4096);
        assertThat(options.withContextLength(8192).engineOptions(131_072, SMALL).contextLength())
                .isEqualTo(8192);
    }

    @Test
    void boundsTheCacheByTheHeapButNeverBelowOneContext() {
        assertThat(options.engineOptions(512, SMALL).cachePositions()).isEqualTo(8 * 512);
        long huge = 1L << 40;
        assertThat(options.engineOptions(512, huge).cachePositions()).isEqualTo(512);
        assertThat(options.withCacheType(CacheType.F16)
                        .engineOptions(512, SMALL)
                        .cacheType())
                .isEqualTo(CacheType.F16);
        assertThat(options.withCacheTokens(77).engineOptions(512, huge).cachePositions())
                .isEqualTo(77);
    }

    @Test
    void refusesWhatAnEngineCantDo() {
        assertThatThrownBy(() -> options.withMaxSequences(0)).hasMessageContaining("max-sequences");
        assertThatThrownBy(() -> options.withPrefillChunk(0)).hasMessageContaining("prefill-chunk");
        assertThatThrownBy(() -> options.withCacheTokens(-1)).hasMessageContaining("cache-tokens");
        assertThatThrownBy(() -> ReplicaOptions.of(Path.of(""))).hasMessageContaining("GGUF");
    }
}
