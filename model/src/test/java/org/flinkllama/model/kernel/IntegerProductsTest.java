package org.flinkllama.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What quantising the activations costs, against products of the same weights in double precision.
class IntegerProductsTest {
    private static final int ROWS = 64;
    private static final int COLUMNS = 2048;
    private static final int TOKENS = 9;

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"Q4_0", "Q4_K"})
    void staysWithinOnePerCentOfTheExactProducts(TensorType type) {
        RandomNumbers random = new RandomNumbers();
        Activations in = random.activations(TOKENS, COLUMNS);
        Activations out = random.activations(TOKENS, ROWS);
        double error = 0;
        double size = 0;
        try (Arena arena = Arena.ofConfined()) {
            WeightMatrix weights = random.weights(arena, type, ROWS, COLUMNS);
            new SimdKernel().multiply(weights, 0, ROWS, in, out);
            for (int row = 0; row < ROWS; row++) {
                for (int token = 0; token < TOKENS; token++) {
                    double exact = product(weights, row, in, token);
                    error += Math.pow(out.values()[out.offset(token) + row] - exact, 2);
                    size += Math.pow(exact, 2);
                }
            }
        }

        assertThat(Math.sqrt(error / size)).isPositive().isLessThan(0.01);
    }

    private static double product(WeightMatrix weights, int row, Activations in, int token) {
        float[] numbers = new float[COLUMNS];
        RowDecoder.decode(weights, row, numbers, 0);
        double sum = 0;
        for (int column = 0; column < COLUMNS; column++) {
            sum += (double) numbers[column] * in.values()[in.offset(token) + column];
        }
        return sum;
    }
}
