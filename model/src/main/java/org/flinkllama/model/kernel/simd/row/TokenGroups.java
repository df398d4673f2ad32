package org.flinkllama.model.kernel.simd.row;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import org.flinkllama.model.kernel.Activations;

/// The activations of a few tokens in the order in which fused kernels read them. Tokens stand in groups of 4, 2 or
/// 1; a group's numbers are `[column / 16][token of the group][16]`. A group may be larger than the tokens that are
/// left: the last token is repeated.
final class TokenGroups {
    /// Numbers at least, a megabyte: such arrays begin 16 bytes before a cache line where a collector gives them
    /// regions of their own, and [#ORIGIN] makes vectors begin with cache lines.
    private static final int NUMBERS = 1 << 18;

    private static final int ORIGIN = 12;

    private float[] packed = new float[NUMBERS];
    private float[] values = packed;
    private int origin;
    private int columns;
    private int tokens; // with the repeated ones

    /// Tokens of the next group when so many are left.
    static int group(int left) {
        return left <= 2 ? left : 4;
    }

    float[] values() {
        return values;
    }

    /// Tokens of all groups, repeated ones included.
    int tokens() {
        return tokens;
    }

    /// Index of the group that begins with a token.
    int offset(int token) {
        return origin + token * columns;
    }

    /// Takes the tokens of `in`; a single one stays where it is.
    void pack(Activations in, int width) {
        columns = width;
        if (in.tokens() == 1) {
            tokens = 1;
            values = in.values();
            origin = in.offset(0);
            return;
        }
        tokens = 0;
        for (int left = in.tokens(); left > 0; left -= group(left)) {
            tokens += group(left);
        }
        if (packed.length < ORIGIN + tokens * columns) {
            packed = new float[ORIGIN + tokens * columns];
        }
        values = packed;
        origin = ORIGIN;
        for (int token = 0; token < in.tokens(); token += group(in.tokens() - token)) {
            int group = group(in.tokens() - token);
            for (int t = 0; t < group; t++) {
                int source = in.offset(Math.min(token + t, in.tokens() - 1));
                int target = offset(token) + t * PARTIAL_SUMS;
                for (int column = 0; column < columns; column += PARTIAL_SUMS) {
                    System.arraycopy(in.values(), source + column, packed, target, PARTIAL_SUMS);
                    target += group * PARTIAL_SUMS;
                }
            }
        }
    }
}
