package org.flinkllama.model.kernel.simd;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.simd.panel.PanelMultiplication;
import org.flinkllama.model.kernel.simd.row.OneTokenProducts;
import org.flinkllama.model.tensor.WeightMatrix;

/// Chooses how a product is computed: straight from the stored blocks for one token, over panels of rows decoded to
/// f32 for several. Every way gives the same bits.
final class MatrixProducts {
    private final OneTokenProducts oneToken = new OneTokenProducts();
    private final PanelMultiplication panels = new PanelMultiplication();

    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        if (in.tokens() == 1 && OneTokenProducts.support(weights.type())) {
            oneToken.multiply(weights, firstRow, endRow, in, out);
        } else {
            panels.multiply(weights, firstRow, endRow, in, out);
        }
    }
}
