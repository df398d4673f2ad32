package org.flinkllama.model.kernel.simd;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Chooses how a product is computed: straight from the stored blocks for one token, over a tile of rows decoded to
/// f32 for several. Every way gives the same bits.
final class MatrixProducts {
    /// Numbers of a decoded tile for many tokens: 384 KiB, which stay in the second-level cache while the
    /// activations pass by.
    private static final int LARGE_TILE = 96 << 10;

    /// Numbers of a decoded tile for few tokens: 32 KiB, which stay in the first-level cache.
    private static final int SMALL_TILE = 8 << 10;

    private static final int FEW_TOKENS = 16;

    private final TileProducts tiles = new TileProducts();
    private final Q8RowProducts q8Rows = new Q8RowProducts();
    private float[] tile = new float[0];

    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        if (in.tokens() == 1 && weights.type() == TensorType.Q8_0 && Q8RowProducts.SUPPORTED) {
            q8Rows.multiply(weights, firstRow, endRow, in, out);
            return;
        }
        int columns = weights.columns();
        int numbers = in.tokens() <= FEW_TOKENS ? SMALL_TILE : LARGE_TILE;
        int blocks = Math.max(1, numbers / columns / TileProducts.ROWS);
        int tileRows = Math.min(blocks * TileProducts.ROWS, endRow - firstRow);
        if (tile.length < tileRows * columns) {
            tile = new float[tileRows * columns];
        }
        for (int row = firstRow; row < endRow; row += tileRows) {
            int rows = Math.min(tileRows, endRow - row);
            for (int r = 0; r < rows; r++) {
                RowDecoding.decode(weights, row + r, tile, r * columns);
            }
            tiles.multiply(tile, rows, columns, in, out, row);
        }
    }
}
