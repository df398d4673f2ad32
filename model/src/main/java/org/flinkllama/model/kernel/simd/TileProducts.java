package org.flinkllama.model.kernel.simd;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.Activations;

/// A tile of decoded rows × the tokens of a step, in blocks of four rows × four tokens whose sixteen accumulators
/// stay in registers. Edges are computed as blocks too, with a row or token repeated.
final class TileProducts {
    /// Rows of a block.
    static final int ROWS = 4;

    private static final int TOKENS = 4;

    private final float[] sums = new float[ROWS * TOKENS * PARTIAL_SUMS];

    /// @param tile     `[rows][columns]`
    /// @param firstRow row of `out` that the tile's first row belongs to
    void multiply(float[] tile, int rows, int columns, Activations in, Activations out, int firstRow) {
        for (int token = 0; token < in.tokens(); token += TOKENS) {
            for (int row = 0; row < rows; row += ROWS) {
                block(tile, Math.min(row, rows - 1), rows, columns, in, token);
                SumTree.reduce(sums);
                int blockRows = Math.min(ROWS, rows - row);
                int blockTokens = Math.min(TOKENS, in.tokens() - token);
                for (int t = 0; t < blockTokens; t++) {
                    System.arraycopy(sums, t * ROWS, out.values(), out.offset(token + t) + firstRow + row, blockRows);
                }
            }
        }
    }

    private void block(float[] tile, int row, int rows, int columns, Activations in, int token) {
        int lastRow = rows - 1;
        int w0 = row * columns;
        int w1 = Math.min(row + 1, lastRow) * columns;
        int w2 = Math.min(row + 2, lastRow) * columns;
        int w3 = Math.min(row + 3, lastRow) * columns;
        int lastToken = in.tokens() - 1;
        float[] x = in.values();
        int whole = columns - columns % PARTIAL_SUMS;
        if (token == lastToken) {
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                oneToken(tile, w0, w1, w2, w3, x, in.offset(token), whole, part);
            }
        } else if (token + 1 == lastToken) {
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                twoTokens(tile, w0, w1, w2, w3, x, in.offset(token), in.offset(lastToken), whole, part);
            }
        } else {
            int x2 = in.offset(token + 2);
            int x3 = in.offset(Math.min(token + 3, lastToken));
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                fourTokens(tile, w0, w1, w2, w3, x, in.offset(token), in.offset(token + 1), x2, x3, whole, part);
            }
        }
        if (whole < columns) {
            addRest(tile, row, rows, columns, in, token);
        }
    }

    /// Adds the columns behind the last whole vector.
    private void addRest(float[] tile, int row, int rows, int columns, Activations in, int token) {
        int whole = columns - columns % PARTIAL_SUMS;
        for (int t = 0; t < Math.min(TOKENS, in.tokens() - token); t++) {
            int x = in.offset(token + t);
            for (int r = 0; r < Math.min(ROWS, rows - row); r++) {
                int weights = (row + r) * columns;
                int sum = (t * ROWS + r) * PARTIAL_SUMS - whole;
                for (int column = whole; column < columns; column++) {
                    sums[sum + column] = Math.fma(tile[weights + column], in.values()[x + column], sums[sum + column]);
                }
            }
        }
    }

    private void fourTokens(
            float[] tile,
            int w0,
            int w1,
            int w2,
            int w3,
            float[] in,
            int x0,
            int x1,
            int x2,
            int x3,
            int whole,
            int part) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        FloatVector d3 = a0;
        for (int column = part; column < whole; column += PARTIAL_SUMS) {
            FloatVector r0 = FloatVector.fromArray(Lanes.FLOATS, tile, w0 + column);
            FloatVector r1 = FloatVector.fromArray(Lanes.FLOATS, tile, w1 + column);
            FloatVector r2 = FloatVector.fromArray(Lanes.FLOATS, tile, w2 + column);
            FloatVector r3 = FloatVector.fromArray(Lanes.FLOATS, tile, w3 + column);
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, in, x0 + column);
            a0 = r0.fma(x, a0);
            a1 = r1.fma(x, a1);
            a2 = r2.fma(x, a2);
            a3 = r3.fma(x, a3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, x1 + column);
            b0 = r0.fma(x, b0);
            b1 = r1.fma(x, b1);
            b2 = r2.fma(x, b2);
            b3 = r3.fma(x, b3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, x2 + column);
            c0 = r0.fma(x, c0);
            c1 = r1.fma(x, c1);
            c2 = r2.fma(x, c2);
            c3 = r3.fma(x, c3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, x3 + column);
            d0 = r0.fma(x, d0);
            d1 = r1.fma(x, d1);
            d2 = r2.fma(x, d2);
            d3 = r3.fma(x, d3);
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

    private void twoTokens(
            float[] tile, int w0, int w1, int w2, int w3, float[] in, int x0, int x1, int whole, int part) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int column = part; column < whole; column += PARTIAL_SUMS) {
            FloatVector r0 = FloatVector.fromArray(Lanes.FLOATS, tile, w0 + column);
            FloatVector r1 = FloatVector.fromArray(Lanes.FLOATS, tile, w1 + column);
            FloatVector r2 = FloatVector.fromArray(Lanes.FLOATS, tile, w2 + column);
            FloatVector r3 = FloatVector.fromArray(Lanes.FLOATS, tile, w3 + column);
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, in, x0 + column);
            a0 = r0.fma(x, a0);
            a1 = r1.fma(x, a1);
            a2 = r2.fma(x, a2);
            a3 = r3.fma(x, a3);
            x = FloatVector.fromArray(Lanes.FLOATS, in, x1 + column);
            b0 = r0.fma(x, b0);
            b1 = r1.fma(x, b1);
            b2 = r2.fma(x, b2);
            b3 = r3.fma(x, b3);
        }
        a0.intoArray(sums, part);
        a1.intoArray(sums, 16 + part);
        a2.intoArray(sums, 32 + part);
        a3.intoArray(sums, 48 + part);
        b0.intoArray(sums, 64 + part);
        b1.intoArray(sums, 80 + part);
        b2.intoArray(sums, 96 + part);
        b3.intoArray(sums, 112 + part);
    }

    private void oneToken(float[] tile, int w0, int w1, int w2, int w3, float[] in, int x0, int whole, int part) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int column = part; column < whole; column += PARTIAL_SUMS) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, in, x0 + column);
            a0 = FloatVector.fromArray(Lanes.FLOATS, tile, w0 + column).fma(x, a0);
            a1 = FloatVector.fromArray(Lanes.FLOATS, tile, w1 + column).fma(x, a1);
            a2 = FloatVector.fromArray(Lanes.FLOATS, tile, w2 + column).fma(x, a2);
            a3 = FloatVector.fromArray(Lanes.FLOATS, tile, w3 + column).fma(x, a3);
        }
        a0.intoArray(sums, part);
        a1.intoArray(sums, 16 + part);
        a2.intoArray(sums, 32 + part);
        a3.intoArray(sums, 48 + part);
    }
}
