package org.flinkllama.model.kernel.simd.grouped;

import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Adds the integer sums of a chunk's blocks, scaled, to the products, block after block. Products stand as
/// `[token][group][row of the vector]`.
final class ScaledSums {
    private ScaledSums() {}

    /// @param scales  of the weights, as [GroupScales] stores them
    /// @param factors of the activations, `[block][token]` from `factor`
    static void add(
            int[] sums,
            int blocks,
            float[] scales,
            float[] factors,
            int factor,
            int tokens,
            float[] products,
            int product) {
        for (int token = 0; token < tokens; token++) {
            int target = product + token * 2 * Lanes.COUNT;
            FloatVector product0 = FloatVector.fromArray(FLOATS, products, target);
            FloatVector product1 = FloatVector.fromArray(FLOATS, products, target + Lanes.COUNT);
            for (int block = 0; block < blocks; block++) {
                int sum = (block * tokens + token) * 2 * Lanes.COUNT;
                int scale = block * GroupScales.STRIDE;
                FloatVector activation = FloatVector.broadcast(FLOATS, factors[factor + block * tokens + token]);
                IntVector pairs0 = IntVector.fromArray(INTS, sums, sum);
                IntVector pairs1 = IntVector.fromArray(INTS, sums, sum + Lanes.COUNT);
                product0 = ((FloatVector) pairs0.lanewise(VectorOperators.LSHL, 16).add(pairs0).lanewise(VectorOperators.ASHR, 16).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(FloatVector.fromArray(FLOATS, scales, scale).mul(activation), product0);
                product1 = ((FloatVector) pairs1.lanewise(VectorOperators.LSHL, 16).add(pairs1).lanewise(VectorOperators.ASHR, 16).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(
                                FloatVector.fromArray(FLOATS, scales, scale + Lanes.COUNT)
                                        .mul(activation),
                                product1);
            }
            product0.intoArray(products, target);
            product1.intoArray(products, target + Lanes.COUNT);
        }
    }

    /// As the other, with offsets: after a block's sum, `offset · total` is added, `total` the sum of the block's
    /// activations, `[block][token]` from `factor`.
    static void addWithOffsets(
            int[] sums, GroupChunk chunk, PackedActivations in, int factor, int tokens, float[] products, int product) {
        float[] scales = chunk.scales();
        float[] offsets = chunk.offsets();
        float[] factors = in.scales();
        float[] totals = in.totals();
        for (int token = 0; token < tokens; token++) {
            int target = product + token * 2 * Lanes.COUNT;
            FloatVector product0 = FloatVector.fromArray(FLOATS, products, target);
            FloatVector product1 = FloatVector.fromArray(FLOATS, products, target + Lanes.COUNT);
            for (int block = 0; block < RowGroups.CHUNK_BLOCKS; block++) {
                int sum = (block * tokens + token) * 2 * Lanes.COUNT;
                int scale = block * GroupScales.STRIDE;
                FloatVector activation = FloatVector.broadcast(FLOATS, factors[factor + block * tokens + token]);
                FloatVector total = FloatVector.broadcast(FLOATS, totals[factor + block * tokens + token]);
                IntVector pairs0 = IntVector.fromArray(INTS, sums, sum);
                IntVector pairs1 = IntVector.fromArray(INTS, sums, sum + Lanes.COUNT);
                product0 = ((FloatVector) pairs0.lanewise(VectorOperators.LSHL, 16).add(pairs0).lanewise(VectorOperators.ASHR, 16).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(FloatVector.fromArray(FLOATS, scales, scale).mul(activation), product0);
                product1 = ((FloatVector) pairs1.lanewise(VectorOperators.LSHL, 16).add(pairs1).lanewise(VectorOperators.ASHR, 16).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(
                                FloatVector.fromArray(FLOATS, scales, scale + Lanes.COUNT)
                                        .mul(activation),
                                product1);
                product0 = FloatVector.fromArray(FLOATS, offsets, scale).fma(total, product0);
                product1 = FloatVector.fromArray(FLOATS, offsets, scale + Lanes.COUNT)
                        .fma(total, product1);
            }
            product0.intoArray(products, target);
            product1.intoArray(products, target + Lanes.COUNT);
        }
    }
}
