package org.flinkllama.model.kernel.simd;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Chooses how a product is computed: straight from the stored blocks for one token, over a tile of rows decoded to f32
/// for several. Every way gives the same bits.
final class MatrixProducts {
    /// Numbers of a decoded tile at most: 256 KiB, which stays in the second-level cache beside the activations.
    private static final int TILE_NUMBERS = 1 << 16;

    private static final int TILE_ROWS = 16;

    private final TileProducts tiles = new TileProducts();
    private final Q8RowProducts q8Rows = new Q8RowProducts();
    private float[] tile = new float[0];

    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        if (in.tokens() == 1 && weights.type() == TensorType.Q8_0 && Q8RowProducts.SUPPORTED) {
            q8Rows.multiply(weights, firstRow, endRow, in, out);
            return;
        }
        int columns = weights.columns();
        int tileRows = Math.clamp(TILE_NUMBERS / columns, TileProducts.ROWS, TILE_ROWS);
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
