package org.flinkllama.model.kernel.simd;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.PartialSums;

/// A tile of decoded rows × the tokens of a step: blocks of four rows × four tokens, whose sixteen accumulators
/// stay in registers, then single tokens and single rows at the edges.
final class TileProducts {
    /// Rows of a block.
    static final int ROWS = 4;

    private static final int TOKENS = 4;

    private final float[] sums = new float[ROWS * TOKENS * PARTIAL_SUMS];

    /// @param tile    `[rows][columns]`
    /// @param firstRow row of `out` that the tile's first row belongs to
    void multiply(float[] tile, int rows, int columns, Activations in, Activations out, int firstRow) {
        int row = 0;
        for (; row <= rows - ROWS; row += ROWS) {
            int token = 0;
            for (; token <= in.tokens() - TOKENS; token += TOKENS) {
                for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                    fourByFour(tile, row * columns, columns, in.values(), in.offset(token), part);
                }
                finish(tile, row, columns, in, token, TOKENS, out, firstRow);
            }
            for (; token < in.tokens(); token++) {
                for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                    fourByOne(tile, row * columns, columns, in.values(), in.offset(token), part);
                }
                finish(tile, row, columns, in, token, 1, out, firstRow);
            }
        }
        for (; row < rows; row++) {
            for (int token = 0; token < in.tokens(); token++) {
                for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                    oneByOne(tile, row * columns, columns, in.values(), in.offset(token), part);
                }
                finishOne(tile, row * columns, columns, in, token, out, firstRow + row, 0);
            }
        }
    }

    private void finish(
            float[] tile,
            int row,
            int columns,
            Activations in,
            int firstToken,
            int tokens,
            Activations out,
            int firstRow) {
        for (int token = 0; token < tokens; token++) {
            for (int r = 0; r < ROWS; r++) {
                int start = (token * ROWS + r) * PARTIAL_SUMS;
                finishOne(tile, (row + r) * columns, columns, in, firstToken + token, out, firstRow + row + r, start);
            }
        }
    }

    /// Adds the columns behind the last whole vector and reduces.
    private void finishOne(
            float[] tile, int weights, int columns, Activations in, int token, Activations out, int row, int start) {
        int whole = columns - columns % PARTIAL_SUMS;
        for (int column = whole; column < columns; column++) {
            int sum = start + column - whole;
            sums[sum] = Math.fma(tile[weights + column], in.values()[in.offset(token) + column], sums[sum]);
        }
        out.values()[out.offset(token) + row] = PartialSums.reduce(sums, start);
    }

    private void fourByFour(float[] tile, int weights, int columns, float[] in, int offset, int part) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0, a2 = a0, a3 = a0;
        FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        FloatVector c0 = a0, c1 = a0, c2 = a0, c3 = a0;
        FloatVector d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        int whole = columns - columns % PARTIAL_SUMS;
        for (int column = part; column < whole; column += PARTIAL_SUMS) {
            FloatVector w0 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + column);
            FloatVector w1 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + columns + column);
            FloatVector w2 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + 2 * columns + column);
            FloatVector w3 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + 3 * columns + column);
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, in, offset + column);
            a0 = w0.fma(x, a0);
            a1 = w1.fma(x, a1);
            a2 = w2.fma(x, a2);
            a3 = w3.fma(x, a3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, offset + columns + column);
            b0 = w0.fma(x, b0);
            b1 = w1.fma(x, b1);
            b2 = w2.fma(x, b2);
            b3 = w3.fma(x, b3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, offset + 2 * columns + column);
            c0 = w0.fma(x, c0);
            c1 = w1.fma(x, c1);
            c2 = w2.fma(x, c2);
            c3 = w3.fma(x, c3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, offset + 3 * columns + column);
            d0 = w0.fma(x, d0);
            d1 = w1.fma(x, d1);
            d2 = w2.fma(x, d2);
            d3 = w3.fma(x, d3);
        }
        a0.intoArray(sums, part);
        a1.intoArray(sums, 16 + part);
        a2.intoArray(sums, 32 + part);
        a3.intoArray(sums, 48 + part);
        b0.intoArray(sums, 64 + part);
        b1.intoArray(sums, 80 + part);
        b2.intoArray(sums, 96 + part);
        b3.intoArray(sums, 112 + part);
        c0.intoArray(sums, 128 + part);
        c1.intoArray(sums, 144 + part);
        c2.intoArray(sums, 160 + part);
        c3.intoArray(sums, 176 + part);
        d0.intoArray(sums, 192 + part);
        d1.intoArray(sums, 208 + part);
        d2.intoArray(sums, 224 + part);
        d3.intoArray(sums, 240 + part);
    }

    private void fourByOne(float[] tile, int weights, int columns, float[] in, int offset, int part) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0, a2 = a0, a3 = a0;
        int whole = columns - columns % PARTIAL_SUMS;
        for (int column = part; column < whole; column += PARTIAL_SUMS) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, in, offset + column);
            a0 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + column).fma(x, a0);
            a1 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + columns + column)
                    .fma(x, a1);
            a2 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + 2 * columns + column)
                    .fma(x, a2);
            a3 = FloatVector.fromArray(Lanes.FLOATS, tile, weights + 3 * columns + column)
                    .fma(x, a3);
        }
        a0.intoArray(sums, part);
        a1.intoArray(sums, 16 + part);
        a2.intoArray(sums, 32 + part);
        a3.intoArray(sums, 48 + part);
    }

    private void oneByOne(float[] tile, int weights, int columns, float[] in, int offset, int part) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        int whole = columns - columns % PARTIAL_SUMS;
        for (int column = part; column < whole; column += PARTIAL_SUMS) {
            sum = FloatVector.fromArray(Lanes.FLOATS, tile, weights + column)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, offset + column), sum);
        }
        sum.intoArray(sums, part);
    }
}
