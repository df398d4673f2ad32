package org.flinkllama.model.kernel.simd;

import java.lang.foreign.Arena;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.Repacking;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.grouped.GroupedProducts;
import org.flinkllama.model.kernel.simd.panel.PanelMultiplication;
import org.flinkllama.model.kernel.simd.row.QuartetMultiplication;
import org.flinkllama.model.kernel.simd.row.RowMultiplication;
import org.flinkllama.model.tensor.WeightMatrix;

/// Chooses how a product is computed. Types of 4 bits are multiplied as integers, in groups of sixteen rows; the
/// others straight from memory for few tokens, over panels of rows decoded to f32 for many. Every way of a type
/// gives the same bits. Weights that should have been repacked are repacked on the way, which is slow.
final class MatrixProducts {
    private final RowMultiplication rows = new RowMultiplication();
    private final QuartetMultiplication quartets = new QuartetMultiplication();
    private final PanelMultiplication panels = new PanelMultiplication();
    private final GroupedProducts grouped = new GroupedProducts();

    void multiplyAgain(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        if (Repacking.support(weights.type()) && weights.repacked().byteSize() == 0) {
            try (Arena arena = Arena.ofConfined()) {
                multiplyAgain(Repacking.pack(weights, arena), firstRow, endRow, in, out);
            }
        } else if (RowGroups.support(weights.type())) {
            grouped.multiply(weights, firstRow, endRow, in, out);
        } else if (QuartetMultiplication.support(weights, in.tokens())) {
            quartets.multiply(weights, firstRow, endRow, in, out);
        } else if (RowMultiplication.support(weights, in.tokens())) {
            rows.multiply(weights, firstRow, endRow, in, out);
        } else {
            panels.multiply(weights, firstRow, endRow, in, out);
        }
    }

    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        grouped.forget();
        multiplyAgain(weights, firstRow, endRow, in, out);
    }
}
