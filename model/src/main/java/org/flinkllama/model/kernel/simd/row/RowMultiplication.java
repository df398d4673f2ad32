package org.flinkllama.model.kernel.simd.row;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.SumTree;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix × few tokens, straight from the stored blocks of the common formats. Four rows are read as far-apart
/// streams, because neighbouring rows in one loop defeat the memory prefetcher; all tokens use them while they are in
/// the first-level cache.
public final class RowMultiplication {
    /// Tokens up to which decoding a row again for every four of them costs less than storing it decoded, as measured.
    private static final int MOST_TOKENS_OF_BYTES = 16;

    private static final int MOST_TOKENS_OF_SHORTS = 8;

    private static final int STREAMS = 4;

    /// Groups of four rows whose partial sums are added at once.
    private static final int ROW_GROUPS = SumTree.SUMS / STREAMS;

    private final TokenGroups groups = new TokenGroups();
    private final int[] rows = new int[ROW_GROUPS];
    private final int[] distances = new int[ROW_GROUPS];
    private float[] sums = new float[0]; // [group of rows][group of tokens][row][token][16]
    private float[] results = new float[0]; // [group of rows][group of tokens][row][token]
    private int rowGroups;

    /// Whether this is the way to multiply so many tokens.
    public static boolean support(WeightMatrix weights, int tokens) {
        boolean wide = Lanes.COUNT == PARTIAL_SUMS;
        return switch (weights.type()) {
            case Q8_0 -> tokens == 1 ? Lanes.COUNT >= 8 : wide && tokens <= MOST_TOKENS_OF_BYTES;
            case F16, BF16 -> wide && tokens <= MOST_TOKENS_OF_SHORTS && weights.columns() % PARTIAL_SUMS == 0;
            case Q6_K -> wide && tokens == 1;
            case F32, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K -> false;
        };
    }

    public void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        groups.pack(in, weights.columns());
        int numbers = groups.tokens() * SumTree.SUMS;
        if (results.length < numbers) {
            sums = new float[numbers * PARTIAL_SUMS];
            results = new float[numbers];
        }
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
        flush(in, out);
    }

    private void fourRows(WeightMatrix weights, int row, int distance, Activations in, Activations out) {
        int sum = rowGroups * STREAMS * groups.tokens() * PARTIAL_SUMS;
        for (int token = 0; token < in.tokens(); ) {
            int group = TokenGroups.group(in.tokens() - token);
            multiply(weights, row, distance, group, token, sum);
            sum += STREAMS * group * PARTIAL_SUMS;
            token += group;
        }
        rows[rowGroups] = row;
        distances[rowGroups] = distance;
        if (++rowGroups == ROW_GROUPS) {
            flush(in, out);
        }
    }

    private void multiply(WeightMatrix weights, int row, int distance, int group, int token, int sum) {
        float[] x = groups.values();
        int at = groups.offset(token);
        switch (weights.type()) {
            case Q8_0 -> Q8RowProducts.fourRows(weights, row, distance, group, x, at, sums, sum);
            case F16 -> F16RowProducts.fourRows(weights, row, distance, group, x, at, sums, sum);
            case BF16 -> Bf16RowProducts.fourRows(weights, row, distance, group, x, at, sums, sum);
            case Q6_K -> Q6KRowProducts.fourRows(weights, row, distance, x, at, sums, sum);
            case F32, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K ->
                throw new IllegalArgumentException(weights.type() + " is not multiplied by rows.");
        }
    }

    private void flush(Activations in, Activations out) {
        int tokens = groups.tokens();
        for (int result = 0; result < rowGroups * STREAMS * tokens; result += SumTree.SUMS) {
            SumTree.reduce(sums, result * PARTIAL_SUMS, results, result);
        }
        for (int token = 0; token < in.tokens(); ) {
            int group = TokenGroups.group(in.tokens() - token);
            for (int t = token; t < Math.min(token + group, in.tokens()); t++) {
                store(STREAMS * token + t - token, group, out.values(), out.offset(t));
            }
            token += group;
        }
        rowGroups = 0;
    }

    /// @param result of the first row
    /// @param step   from row to row
    private void store(int result, int step, float[] target, int offset) {
        int first = result;
        for (int rowGroup = 0; rowGroup < rowGroups; rowGroup++) {
            int at = offset + rows[rowGroup];
            int distance = distances[rowGroup];
            target[at] = results[first];
            target[at + distance] = results[first + step];
            target[at + 2 * distance] = results[first + 2 * step];
            target[at + 3 * distance] = results[first + 3 * step];
            first += STREAMS * groups.tokens();
        }
    }
}
