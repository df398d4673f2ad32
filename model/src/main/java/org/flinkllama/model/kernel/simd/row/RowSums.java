package org.flinkllama.model.kernel.simd.row;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.simd.vector.SumTree;

/// Partial sums of a few fours of rows × all tokens, and where the sums go that they become.
final class RowSums {
    /// Rows that are computed beside each other.
    static final int ROWS = 4;

    /// Fours of rows whose partial sums are added at once.
    static final int FOURS = SumTree.SUMS / ROWS;

    private final int[] rows = new int[FOURS];
    private final int[] distances = new int[FOURS];
    private float[] partial = new float[0]; // [four of rows][group of tokens][row][token][16]
    private float[] results = new float[0]; // [four of rows][group of tokens][row][token]
    private int fours;

    // what is being computed
    private int tokens;
    private int firstRow;
    private int endRow;

    /// Begins a product.
    ///
    /// @param count  tokens, with those that fill the last group
    /// @param first  first row that is wanted
    /// @param end    row behind the last one
    void begin(int count, int first, int end) {
        tokens = count;
        firstRow = first;
        endRow = end;
        int numbers = count * SumTree.SUMS;
        if (results.length < numbers) {
            partial = new float[numbers * PARTIAL_SUMS];
            results = new float[numbers];
        }
    }

    float[] partial() {
        return partial;
    }

    /// Whether [#flush] must come before the next four.
    boolean full() {
        return fours == FOURS;
    }

    /// Takes up rows `row`, `row + distance` and so on, of which some may not be wanted if the distance is 1.
    ///
    /// @return where their partial sums begin
    int add(int row, int distance) {
        rows[fours] = row;
        distances[fours] = distance;
        return fours++ * ROWS * tokens * PARTIAL_SUMS;
    }

    /// Stores the sums of the rows taken up.
    void flush(Activations in, Activations out) {
        for (int result = 0; result < fours * ROWS * tokens; result += SumTree.SUMS) {
            SumTree.reduce(partial, result * PARTIAL_SUMS, results, result);
        }
        for (int token = 0; token < in.tokens(); ) {
            int group = TokenGroups.group(in.tokens() - token);
            for (int t = token; t < Math.min(token + group, in.tokens()); t++) {
                store(ROWS * token + t - token, group, out.values(), out.offset(t));
            }
            token += group;
        }
        fours = 0;
    }

    /// @param result of the first row
    /// @param step   from row to row
    private void store(int result, int step, float[] target, int offset) {
        int first = result;
        for (int four = 0; four < fours; four++) {
            int row = rows[four];
            int distance = distances[four];
            if (row >= firstRow && row + 3 * distance < endRow) {
                int at = offset + row;
                target[at] = results[first];
                target[at + distance] = results[first + step];
                target[at + 2 * distance] = results[first + 2 * step];
                target[at + 3 * distance] = results[first + 3 * step];
            } else {
                for (int r = Math.max(row, firstRow); r < Math.min(row + ROWS, endRow); r++) {
                    target[offset + r] = results[first + (r - row) * step];
                }
            }
            first += ROWS * tokens;
        }
    }
}
