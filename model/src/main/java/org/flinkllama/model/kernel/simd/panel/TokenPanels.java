package org.flinkllama.model.kernel.simd.panel;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.util.Arrays;
import org.flinkllama.model.kernel.Activations;

/// The activations of some tokens in the order in which [PanelProducts] reads them. Tokens stand in groups of 6, 4,
/// 2 or 1; a group's numbers are `[column / 16][token of the group][16]` within a block of columns, block after
/// block.
///
/// A group may be larger than the tokens that are left: the last token is repeated. The numbers of columns that
/// fill the last vector are 0.
final class TokenPanels {
    /// Tokens of a group at most.
    static final int LARGEST_GROUP = 6;

    private float[] values = new float[PanelMultiplication.SCRATCH];
    private int tokens;

    /// Numbers from [PanelMultiplication#ORIGIN].
    float[] values() {
        return values;
    }

    /// Tokens of the groups, repeated ones included.
    int tokens() {
        return tokens;
    }

    /// Tokens of the next group when so many are left.
    static int group(int left) {
        if (left <= 2) {
            return left;
        }
        return left <= 4 || left == 7 || left == 8 ? 4 : LARGEST_GROUP;
    }

    /// Index of the group that begins with a token, in the block that begins with a column.
    int offset(int token, int firstColumn, int blockColumns) {
        return PanelMultiplication.ORIGIN + firstColumn * tokens + token * blockColumns;
    }

    /// @param columns      of a token, a multiple of sixteen with those that fill the last vector
    /// @param blockColumns of every block but the last, which has the rest
    void pack(Activations in, int firstToken, int count, int columns, int blockColumns) {
        tokens = 0;
        for (int left = count; left > 0; left -= group(left)) {
            tokens += group(left);
        }
        int numbers = PanelMultiplication.ORIGIN + tokens * columns;
        if (values.length < numbers) {
            values = new float[numbers];
        }
        for (int first = 0; first < columns; first += blockColumns) {
            int block = Math.min(blockColumns, columns - first);
            for (int token = 0; token < count; token += group(count - token)) {
                int group = group(count - token);
                int offset = offset(token, first, block);
                for (int t = 0; t < group; t++) {
                    int source = Math.min(token + t, count - 1) + firstToken;
                    spread(in, source, first, block, offset + t * PARTIAL_SUMS, group * PARTIAL_SUMS);
                }
            }
        }
    }

    private void spread(Activations in, int token, int first, int count, int offset, int stride) {
        int whole = Math.min(count, in.width() - first) / PARTIAL_SUMS * PARTIAL_SUMS;
        int source = in.offset(token) + first;
        int target = offset;
        for (int column = 0; column < whole; column += PARTIAL_SUMS) {
            System.arraycopy(in.values(), source + column, values, target, PARTIAL_SUMS);
            target += stride;
        }
        if (whole < count) {
            int rest = in.width() - first - whole;
            System.arraycopy(in.values(), source + whole, values, target, rest);
            Arrays.fill(values, target + rest, target + PARTIAL_SUMS, 0);
        }
    }
}
