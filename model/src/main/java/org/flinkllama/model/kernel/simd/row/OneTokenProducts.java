package org.flinkllama.model.kernel.simd.row;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.SumTree;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix × one token, straight from the stored blocks of the common formats: nothing is decoded to memory. Four rows
/// are read as far-apart streams, because neighbouring rows in one loop defeat the memory prefetcher.
public final class OneTokenProducts {
    private static final int STREAMS = 4;
    private static final int GROUPS = SumTree.SUMS / STREAMS;

    private final float[] sums = new float[SumTree.SUMS * PARTIAL_SUMS];
    private final float[] results = new float[SumTree.SUMS];
    private final int[] rows = new int[GROUPS];
    private final int[] distances = new int[GROUPS];
    private int groups;

    public static boolean support(TensorType type) {
        return switch (type) {
            case Q8_0 -> Lanes.COUNT >= 8;
            case Q4_0, Q4_K -> Lanes.COUNT == 16;
            case F32, F16, BF16, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K, Q6_K -> false;
        };
    }

    public void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        int count = endRow - firstRow;
        int quarter = count / STREAMS;
        for (int row = firstRow; row < firstRow + quarter; row++) {
            fourRows(weights, row, quarter, in, out);
        }
        if (count >= STREAMS && count % STREAMS > 0) {
            fourRows(weights, endRow - STREAMS, 1, in, out); // some of them again
        }
        for (int row = firstRow; count < STREAMS && row < endRow; row++) {
            fourRows(weights, row, 0, in, out);
        }
        flush(out);
    }

    private void fourRows(WeightMatrix weights, int row, int distance, Activations in, Activations out) {
        int sum = groups * STREAMS * PARTIAL_SUMS;
        switch (weights.type()) {
            case Q8_0 -> Q8RowProducts.fourRows(weights, row, distance, in.values(), sums, sum);
            case Q4_0 -> Q4RowProducts.fourRows(weights, row, distance, in.values(), sums, sum);
            case Q4_K -> Q4KRowProducts.fourRows(weights, row, distance, in.values(), sums, sum);
            case F32, F16, BF16, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K, Q6_K ->
                throw new IllegalArgumentException(weights.type() + " is multiplied by panels.");
        }
        rows[groups] = row;
        distances[groups] = distance;
        if (++groups == GROUPS) {
            flush(out);
        }
    }

    private void flush(Activations out) {
        SumTree.reduce(sums, 0, results, 0);
        for (int group = 0; group < groups; group++) {
            for (int stream = 0; stream < STREAMS; stream++) {
                out.values()[rows[group] + stream * distances[group]] = results[group * STREAMS + stream];
            }
        }
        groups = 0;
    }
}
