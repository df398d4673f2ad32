package org.flinkllama.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.model.cache.CacheType;
import org.junit.jupiter.api.Test;

final class BenchOptionsTest {
    private static final Repetitions ONCE = new Repetitions(1, Duration.ZERO, Duration.ZERO);

    @Test
    void namesTheOptionThatIsOutOfRange() {
        assertThatThrownBy(() -> options(List.of(2, 0), List.of(1), List.of(1), 16, 64))
                .hasMessage("Option 'threads' is 0; expected 1 to 1024.");
        assertThatThrownBy(() -> options(List.of(2), List.of(-5), List.of(1), 16, 64))
                .hasMessageContaining("'prefill' is -5");
        assertThatThrownBy(() -> options(List.of(2), List.of(1), List.of(1, 1025), 16, 64))
                .hasMessageContaining("'batch' is 1025");
        assertThatThrownBy(() -> options(List.of(2), List.of(1), List.of(1), 0, 64))
                .hasMessageContaining("'context' is 0");
        assertThatThrownBy(() -> options(List.of(2), List.of(1), List.of(1), 16, 0))
                .hasMessageContaining("'decode-tokens' is 0");
    }

    @Test
    void fitsAModelThatHasThePositions() {
        BenchOptions options = options(List.of(1), List.of(82), List.of(1, 8), 16, 64);
        assertThat(options.checkedFor(82)).isSameAs(options);
    }

    @Test
    void refusesAPromptThatIsLongerThanTheContext() {
        assertThatThrownBy(() ->
                        options(List.of(1), List.of(100, 513), List.of(), 1, 1).checkedFor(512))
                .hasMessage("Option 'prefill' is 513; this model reads at most 512 tokens."
                        + " Give it less, or choose another model.");
    }

    @Test
    void refusesToDecodeBeyondTheContext() {
        assertThatThrownBy(
                        () -> options(List.of(1), List.of(), List.of(1), 16, 64).checkedFor(81))
                .hasMessageContaining("'context' 16 and 'decode-tokens' 64 take 82 positions at 'batch' 1")
                .hasMessageContaining("this model has 81");
    }

    private static BenchOptions options(
            List<Integer> threads, List<Integer> prefill, List<Integer> batch, int context, int decodeTokens) {
        return new BenchOptions(threads, prefill, batch, context, decodeTokens, CacheType.F32, ONCE);
    }
}
