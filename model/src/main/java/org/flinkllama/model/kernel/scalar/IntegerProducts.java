package org.flinkllama.model.kernel.scalar;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.QuantisedBlock;
import org.flinkllama.model.tensor.NibbleRow;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Products of quantised activations and weights of 4 bits, as they are specified.
final class IntegerProducts {
    private static final int BLOCK = QuantisedBlock.COLUMNS;

    private IntegerProducts() {}

    static void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        NibbleRow row = new NibbleRow(weights.columns());
        int[] quants = new int[BLOCK];
        boolean offsets = weights.type() == TensorType.Q4_K;
        for (int r = firstRow; r < endRow; r++) {
            row.read(weights, r);
            for (int token = 0; token < in.tokens(); token++) {
                float product = 0;
                for (int block = 0; block < weights.columns() / BLOCK; block++) {
                    float scale = QuantisedBlock.quantise(in.values(), in.offset(token) + block * BLOCK, quants);
                    int sum = 0;
                    int total = 0;
                    for (int column = 0; column < BLOCK; column++) {
                        sum += row.quants()[block * BLOCK + column] * quants[column];
                        total += quants[column];
                    }
                    product = Math.fma(sum, row.scales()[block] * scale, product);
                    if (offsets) {
                        product = Math.fma(row.offsets()[block], scale * total, product);
                    }
                }
                out.values()[out.offset(token) + r] = product;
            }
        }
    }
}
