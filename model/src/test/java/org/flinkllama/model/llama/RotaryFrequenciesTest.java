package org.flinkllama.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufMetadata;
import org.junit.jupiter.api.Test;

class RotaryFrequenciesTest {
    private static final LlamaShape SHAPE = new LlamaShape(1, 128, 128, 2, 2, 64, 32768, 1e-5f);

    @Test
    void fallsWithThePairByPowersOfTheBase() {
        RotaryFrequencies frequencies = read(Map.of("llama.rope.freq_base", 10000.0));
        assertThat(frequencies.radians()).hasSize(32);
        assertThat(frequencies.radians()[0]).isEqualTo(1);
        assertThat(frequencies.radians()[16]).isCloseTo(0.01, within(1e-12));
        assertThat(frequencies.magnitude()).isEqualTo(1);
    }

    @Test
    void turnsFewerDimensionsThanAHeadHasWhereTheFileSaysSo() {
        assertThat(read(Map.of("llama.rope.dimension_count", 20L)).radians()).hasSize(10);
    }

    @Test
    void dividesByTheFactorWhenScaledLinearly() {
        double[] scaled = read(Map.of("llama.rope.scaling.type", "linear", "llama.rope.scaling.factor", 4.0))
                .radians();
        double[] plain = read(Map.of()).radians();
        assertThat(scaled[3]).isCloseTo(plain[3] / 4, within(1e-12));
        assertThat(read(Map.of("llama.rope.scale_linear", 4.0)).radians()).containsExactly(scaled);
        assertThat(read(Map.of("llama.rope.scaling.type", "none", "llama.rope.scaling.factor", 4.0))
                        .radians())
                .containsExactly(plain);
    }

    @Test
    void dividesByTheFilesFactorsForEachPair() {
        float[] factors = new float[32];
        java.util.Arrays.fill(factors, 1);
        factors[31] = 8;
        double[] plain = read(Map.of()).radians();
        double[] divided = RotaryFrequencies.read(metadata(Map.of()), SHAPE, Optional.of(factors))
                .radians();
        assertThat(divided[30]).isEqualTo(plain[30]);
        assertThat(divided[31]).isCloseTo(plain[31] / 8, within(1e-15));
    }

    /// Expected: the formulas of the YaRN paper, evaluated in Python for 64 dimensions, base 500,000, factor 4 over
    /// an original context of 8,192 (ramp from pair 9 to pair 18).
    @Test
    void rampsFromKeptToInterpolatedPairsUnderYarn() {
        RotaryFrequencies frequencies = read(Map.of(
                "llama.rope.freq_base",
                500000.0,
                "llama.rope.scaling.type",
                "yarn",
                "llama.rope.scaling.factor",
                4.0,
                "llama.rope.scaling.original_context_length",
                8192L));
        double[] radians = frequencies.radians();
        assertThat(radians[0]).isEqualTo(1);
        assertThat(radians[5]).isCloseTo(0.12868737343265052, within(1e-12));
        assertThat(radians[10]).isCloseTo(0.015180403407578242, within(1e-12));
        assertThat(radians[14]).isCloseTo(0.0018733434969390114, within(1e-12));
        assertThat(radians[20]).isCloseTo(6.856204391905182e-05, within(1e-15));
        assertThat(radians[31]).isCloseTo(7.534645380347928e-07, within(1e-17));
        assertThat(frequencies.magnitude()).isCloseTo(1.138629436111989, within(1e-12));
    }

    @Test
    void refusesScalingsThatLlamaDoesNotHave() {
        assertThatThrownBy(() -> read(Map.of("llama.rope.scaling.type", "longrope")))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("'longrope'; supported: none, linear, yarn");
        assertThatThrownBy(() -> read(Map.of("llama.rope.dimension_count", 66L)))
                .hasMessageContaining("from 2 to 64");
        assertThatThrownBy(() -> read(Map.of("llama.rope.freq_base", Double.NaN)))
                .hasMessageContaining("NaN");
    }

    private static RotaryFrequencies read(Map<String, Object> metadata) {
        return RotaryFrequencies.read(metadata(metadata), SHAPE, Optional.empty());
    }

    private static GgufMetadata metadata(Map<String, Object> values) {
        return new GgufMetadata(new HashMap<>(values));
    }
}
