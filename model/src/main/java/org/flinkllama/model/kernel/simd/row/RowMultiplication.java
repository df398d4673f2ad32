package org.flinkllama.model.kernel.simd.row;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix of Q8_0, F16 or BF16 × few tokens, straight from the file's blocks. Four rows are read as far-apart
/// streams, because neighbouring rows in one loop defeat the memory prefetcher; all tokens use them while they are
/// in the first-level cache.
public final class RowMultiplication {
    /// Tokens up to which decoding a row again for every four of them costs less than storing it decoded, as
    /// measured.
    private static final int MOST_TOKENS_OF_BYTES = 16;

    private static final int MOST_TOKENS_OF_SHORTS = 8;

    private final TokenGroups groups = new TokenGroups();
    private final RowSums sums = new RowSums();

    /// Whether this is the way to multiply so many tokens.
    public static boolean support(WeightMatrix weights, int tokens) {
        boolean wide = Lanes.COUNT == PARTIAL_SUMS;
        return switch (weights.type()) {
            case Q8_0 -> tokens == 1 ? Lanes.COUNT >= 8 : wide && tokens <= MOST_TOKENS_OF_BYTES;
            case F16, BF16 -> wide && tokens <= MOST_TOKENS_OF_SHORTS && weights.columns() % PARTIAL_SUMS == 0;
            case F32, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> false;
        };
    }

    public void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        groups.pack(in, weights.columns());
        sums.begin(groups.tokens(), firstRow, endRow);
        int count = endRow - firstRow;
        int quarter = count / RowSums.ROWS;
        for (int row = firstRow; row < firstRow + quarter; row++) {
            fourRows(weights, row, quarter, in, out);
        }
        if (count >= RowSums.ROWS && count % RowSums.ROWS > 0) {
            fourRows(weights, endRow - RowSums.ROWS, 1, in, out); // some of them again
        }
        for (int row = firstRow; count < RowSums.ROWS && row < endRow; row++) {
            fourRows(weights, row, 0, in, out);
        }
        sums.flush(in, out);
    }

    private void fourRows(WeightMatrix weights, int row, int distance, Activations in, Activations out) {
        int sum = sums.add(row, distance);
        for (int token = 0; token < in.tokens(); ) {
            int group = TokenGroups.group(in.tokens() - token);
            multiply(weights, row, distance, group, token, sum);
            sum += RowSums.ROWS * group * PARTIAL_SUMS;
            token += group;
        }
        if (sums.full()) {
            sums.flush(in, out);
        }
    }

    private void multiply(WeightMatrix weights, int row, int distance, int group, int token, int sum) {
        float[] x = groups.values();
        int at = groups.offset(token);
        switch (weights.type()) {
            case Q8_0 -> Q8RowProducts.fourRows(weights, row, distance, group, x, at, sums.partial(), sum);
            case F16 -> F16RowProducts.fourRows(weights, row, distance, group, x, at, sums.partial(), sum);
            case BF16 -> Bf16RowProducts.fourRows(weights, row, distance, group, x, at, sums.partial(), sum);
            case F32, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
                throw new IllegalArgumentException(weights.type() + " is not multiplied by rows.");
        }
    }
}
