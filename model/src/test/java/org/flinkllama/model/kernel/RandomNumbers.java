package org.flinkllama.model.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.flinkllama.model.kernel.grouped.Repacking;
import org.flinkllama.model.tensor.RowEncoder;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Weights and activations for benchmarks.
final class RandomNumbers {
    private static final int DISTINCT_ROWS = 16;

    private final SplittableRandom random = new SplittableRandom(1);

    /// Normal numbers.
    float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /// All tokens of `capacity` in use.
    Activations activations(int capacity, int width) {
        Activations activations = new Activations(capacity, width);
        activations.use(capacity);
        System.arraycopy(numbers(capacity * width), 0, activations.values(), 0, capacity * width);
        return activations;
    }

    /// A matrix whose rows repeat after sixteen: encoding takes long for some types, and time does not depend on
    /// what the numbers are.
    WeightMatrix weights(Arena arena, TensorType type, int rows, int columns) {
        long rowBytes = type.rowBytes(columns);
        MemorySegment data = arena.allocate(rows * rowBytes, 64);
        for (int row = 0; row < rows; row++) {
            MemorySegment target = data.asSlice(row * rowBytes, rowBytes);
            if (row < DISTINCT_ROWS) {
                RowEncoder.encode(type, numbers(columns), target);
            } else {
                target.copyFrom(data.asSlice(row % DISTINCT_ROWS * rowBytes, rowBytes));
            }
        }
        WeightMatrix weights = new WeightMatrix("random", type, rows, columns, data);
        return Repacking.pack(weights, arena);
    }
}
