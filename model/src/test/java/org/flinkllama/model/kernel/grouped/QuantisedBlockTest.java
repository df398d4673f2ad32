package org.flinkllama.model.kernel.grouped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class QuantisedBlockTest {
    private final float[] numbers = new float[34];
    private final int[] quants = new int[QuantisedBlock.COLUMNS];

    @Test
    void scalesTheLargestMagnitudeTo127AndRoundsTiesToEven() {
        numbers[2] = -254;
        numbers[3] = 5;
        numbers[4] = 3;
        numbers[33] = 8;
        assertThat(QuantisedBlock.quantise(numbers, 2, quants)).isEqualTo(2);
        assertThat(quants).startsWith(-127, 2, 2).endsWith(0, 4);
    }

    @Test
    void givesEveryNumberBackWithinHalfAStep() {
        for (int i = 0; i < 32; i++) {
            numbers[i] = (float) Math.sin(i);
        }
        float scale = QuantisedBlock.quantise(numbers, 0, quants);
        for (int i = 0; i < 32; i++) {
            assertThat(quants[i] * scale).isCloseTo(numbers[i], offset(scale * 0.5001f));
        }
    }

    @Test
    void countsABlockOfTinyNumbersAsZero() {
        Arrays.fill(numbers, 1e-38f);
        assertThat(QuantisedBlock.quantise(numbers, 0, quants)).isZero();
        assertThat(quants).containsOnly(0);
    }

    @Test
    void hasNoScaleForANumberThatIsNotFinite() {
        for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            numbers[7] = number;
            assertThat(QuantisedBlock.quantise(numbers, 0, quants)).isNaN();
        }
    }
}
