package org.flinkllama.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NibbleRowTest {
    private static final int COLUMNS = 512;

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_K"})
    void isWhatTheRowIsWorthButForRounding(TensorType type) {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = weights(arena, type);
            float[] expected = new float[COLUMNS];
            RowDecoder.decode(weights, 1, expected, 0);
            NibbleRow row = new NibbleRow(COLUMNS);
            row.read(weights, 1);
            for (int column = 0; column < COLUMNS; column++) {
                assertThat(row.quants()[column]).isBetween((byte) -8, (byte) 7);
                int block = column / NibbleRow.BLOCK;
                float found = row.scales()[block] * row.quants()[column] + row.offsets()[block];
                assertThat(found).isCloseTo(expected[column], offset(1e-5f));
            }
        }
    }

    @Test
    void refusesTypesOfOtherQuants() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = weights(arena, TensorType.Q8_0);
            assertThatThrownBy(() -> new NibbleRow(COLUMNS).read(weights, 0))
                    .hasMessageContaining("'random' is Q8_0; expected", "Q4_0 or Q4_K");
        }
    }

    private static WeightMatrix weights(Arena arena, TensorType type) {
        SplittableRandom random = new SplittableRandom(5);
        MemorySegment data = arena.allocate(2 * type.rowBytes(COLUMNS), 64);
        for (int row = 0; row < 2; row++) {
            float[] numbers = new float[COLUMNS];
            for (int column = 0; column < COLUMNS; column++) {
                numbers[column] = (float) random.nextGaussian();
            }
            RowEncoder.encode(type, numbers, data.asSlice(row * type.rowBytes(COLUMNS), type.rowBytes(COLUMNS)));
        }
        return new WeightMatrix("random", type, 2, COLUMNS, data);
    }
}
