package org.flinkllama.model.kernel.simd;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.grouped.GroupedProducts;
import org.flinkllama.model.kernel.simd.panel.PanelMultiplication;
import org.flinkllama.model.kernel.simd.row.RowMultiplication;
import org.flinkllama.model.tensor.WeightMatrix;

/// Chooses how a product is computed. Types of 4 bits are multiplied as integers, in groups of sixteen rows; the
/// others straight from the stored blocks for few tokens, over panels of rows decoded to f32 for many. Every way of a
/// type gives the same bits.
final class MatrixProducts {
    private final RowMultiplication rows = new RowMultiplication();
    private final PanelMultiplication panels = new PanelMultiplication();
    private final GroupedProducts grouped = new GroupedProducts();

    void multiplyAgain(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        if (RowGroups.support(weights.type())) {
            grouped.multiply(weights, firstRow, endRow, in, out);
        } else {
            multiply(weights, firstRow, endRow, in, out);
        }
    }

    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        grouped.forget();
        if (RowGroups.support(weights.type())) {
            grouped.multiply(weights, firstRow, endRow, in, out);
        } else if (RowMultiplication.support(weights, in.tokens())) {
            rows.multiply(weights, firstRow, endRow, in, out);
        } else {
            panels.multiply(weights, firstRow, endRow, in, out);
        }
    }
}
