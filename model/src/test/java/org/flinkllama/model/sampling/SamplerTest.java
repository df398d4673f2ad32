package org.flinkllama.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /// Probabilities 0.5, 0.25, 0.15, 0.1 of tokens 2, 0, 3, 1.
    private static final float[] LOGITS = {log(0.25), log(0.1), log(0.5), log(0.15)};

    private final Sampler sampler = new Sampler(4);

    @Test
    void takesTheMostLikelyTokenAtTemperatureZeroAndTheLowestIdOnATie() {
        assertThat(sample(SamplingOptions.GREEDY, 0.99)).isEqualTo(2);
        assertThat(new Sampler(3).sample(new float[] {1, 5, 5}, 0, choice(SamplingOptions.GREEDY, null), 0))
                .isEqualTo(1);
    }

    @Test
    void drawsInProportionToTheProbabilities() {
        int[] counts = new int[4];
        for (int i = 0; i < 10_000; i++) {
            counts[sample(new SamplingOptions(1, 0, 1, 0, 1, 0), Draws.uniform(5, 0, i))]++;
        }
        assertThat(counts[0] / 10_000.0).isCloseTo(0.25, within(0.02));
        assertThat(counts[1] / 10_000.0).isCloseTo(0.1, within(0.02));
        assertThat(counts[2] / 10_000.0).isCloseTo(0.5, within(0.02));
        assertThat(counts[3] / 10_000.0).isCloseTo(0.15, within(0.02));
    }

    @Test
    void keepsOnlyWhatTheFiltersKeep() {
        assertThat(drawn(new SamplingOptions(1, 2, 1, 0, 1, 0))).containsExactly(0, 2);
        assertThat(drawn(new SamplingOptions(1, 0, 0.74f, 0, 1, 0))).containsExactly(0, 2);
        assertThat(drawn(new SamplingOptions(1, 0, 0.76f, 0, 1, 0))).containsExactly(0, 2, 3);
        assertThat(drawn(new SamplingOptions(1, 0, 0.01f, 0, 1, 0))).containsExactly(2);
        assertThat(drawn(new SamplingOptions(1, 0, 1, 0.29f, 1, 0))).containsExactly(0, 2, 3);
        assertThat(drawn(new SamplingOptions(5, 3, 0.8f, 0.4f, 1, 0))).containsExactly(0, 2);
    }

    @Test
    void punishesTokensThatWereSeen() {
        BitSet seen = new BitSet();
        seen.set(2);
        SamplingOptions punishing = new SamplingOptions(0, 0, 1, 0, 3, 0);
        Sampler.Choice choice = new Sampler.Choice(punishing, null, seen);
        assertThat(sampler.sample(LOGITS, 0, choice, 0)).isZero();
    }

    @Test
    void choosesAmongAllowedTokensOnly() {
        BitSet allowed = new BitSet();
        allowed.set(1);
        allowed.set(3);
        assertThat(sampler.sample(LOGITS, 0, choice(SamplingOptions.GREEDY, allowed), 0))
                .isEqualTo(3);
        assertThat(sampler.sample(LOGITS, 0, choice(new SamplingOptions(2, 1, 0.5f, 0.1f, 1, 0), allowed), 0.9))
                .isEqualTo(3);
    }

    @Test
    void drawsDependOnSeedSequenceAndPositionAlone() {
        assertThat(Draws.uniform(1, 2, 3)).isEqualTo(Draws.uniform(1, 2, 3));
        assertThat(List.of(Draws.uniform(2, 2, 3), Draws.uniform(1, 3, 3), Draws.uniform(1, 2, 4)))
                .doesNotContain(Draws.uniform(1, 2, 3))
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> new SamplingOptions(-1, 0, 1, 0, 1, 0)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> new SamplingOptions(1, 0, 0, 0, 1, 0)).hasMessageContaining("top-p");
        assertThatThrownBy(() -> new SamplingOptions(1, 0, 1, 1, 1, 0)).hasMessageContaining("min-p");
        assertThatThrownBy(() -> new SamplingOptions(1, 0, 1, 0, 0, 0)).hasMessageContaining("repetition-penalty");
        assertThatThrownBy(() -> new SamplingOptions(Float.NaN, 0, 1, 0, 1, 0)).hasMessageContaining("temperature");
    }

    @Test
    void confinesATextToSpansOfTheDocumentOrAnAlternative() {
        BitSet starts = new BitSet();
        starts.set(0);
        starts.set(2);
        starts.set(3);
        BitSet ends = new BitSet();
        ends.set(1, 5);
        SpanConstraint constraint =
                new SpanConstraint(new int[] {7, 8, 7, 9, 6}, starts, ends, List.of(new int[] {5, 5}), 99);

        assertThat(allowed(constraint)).containsExactly(5, 7, 9);
        assertThat(allowed(constraint, 7)).containsExactly(8, 9, 99);
        assertThat(allowed(constraint, 7, 8)).containsExactly(7, 99);
        assertThat(allowed(constraint, 9, 6)).containsExactly(99);
        assertThat(allowed(constraint, 5)).containsExactly(5);
        assertThat(allowed(constraint, 5, 5)).containsExactly(99);
    }

    private static int[] allowed(TokenConstraint constraint, int... generated) {
        BitSet allowed = new BitSet();
        assertThat(constraint.restrict(generated, generated.length, allowed)).isTrue();
        return allowed.stream().toArray();
    }

    private int[] drawn(SamplingOptions options) {
        BitSet drawn = new BitSet();
        for (double draw = 0; draw < 1; draw += 0.001) {
            drawn.set(sample(options, draw));
        }
        return drawn.stream().toArray();
    }

    private int sample(SamplingOptions options, double draw) {
        return sampler.sample(LOGITS, 0, choice(options, null), draw);
    }

    private static Sampler.Choice choice(SamplingOptions options, BitSet allowed) {
        return new Sampler.Choice(options, allowed, new BitSet());
    }

    private static float log(double probability) {
        return (float) Math.log(probability);
    }
}
