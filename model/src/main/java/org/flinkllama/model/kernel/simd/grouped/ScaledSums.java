package org.flinkllama.model.kernel.simd.grouped;

import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Adds the integer sums of a chunk's blocks, scaled, to the products of one token, block after block. A product is
/// `[group][row of the vector]`.
///
/// Sums come as pairs of 16-bit numbers, of the even and of the odd columns. Every index is linear in the block, so
/// that the compiler can check them before the loop.
final class ScaledSums {
    private ScaledSums() {}

    /// @param sums    as [UnpackedTile] stores them, from `sum`
    /// @param scales  of the weights, as [GroupScales] stores them
    /// @param factors of the activations, `[block]` from `factor`
    static void add(
            int[] sums,
            int sum,
            int blocks,
            float[] scales,
            float[] factors,
            int factor,
            float[] products,
            int product) {
        FloatVector product0 = FloatVector.fromArray(FLOATS, products, product);
        FloatVector product1 = FloatVector.fromArray(FLOATS, products, product + Lanes.COUNT);
        for (int block = 0; block < blocks; block++) {
            int at = block * GroupScales.STRIDE;
            FloatVector activation = FloatVector.broadcast(FLOATS, factors[factor + block]);
            IntVector sum0 = IntVector.fromArray(INTS, sums, sum + at);
            IntVector sum1 = IntVector.fromArray(INTS, sums, sum + at + Lanes.COUNT);
            sum0 = sum0.lanewise(VectorOperators.LSHL, 16).add(sum0).lanewise(VectorOperators.ASHR, 16);
            sum1 = sum1.lanewise(VectorOperators.LSHL, 16).add(sum1).lanewise(VectorOperators.ASHR, 16);
            product0 = ((FloatVector) sum0.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, at).mul(activation), product0);
            product1 = ((FloatVector) sum1.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, at + Lanes.COUNT).mul(activation), product1);
        }
        product0.intoArray(products, product);
        product1.intoArray(products, product + Lanes.COUNT);
    }

    /// As the other, with offsets: after a block's sum, `offset · total` is added, `total` the sum of the block's
    /// activations.
    static void addWithOffsets(
            int[] sums, int sum, GroupChunk chunk, PackedActivations in, int factor, float[] products, int product) {
        float[] scales = chunk.scales();
        float[] offsets = chunk.offsets();
        float[] factors = in.scales();
        float[] totals = in.totals();
        FloatVector product0 = FloatVector.fromArray(FLOATS, products, product);
        FloatVector product1 = FloatVector.fromArray(FLOATS, products, product + Lanes.COUNT);
        for (int block = 0; block < RowGroups.CHUNK_BLOCKS; block++) {
            int at = block * GroupScales.STRIDE;
            FloatVector activation = FloatVector.broadcast(FLOATS, factors[factor + block]);
            FloatVector total = FloatVector.broadcast(FLOATS, totals[factor + block]);
            IntVector sum0 = IntVector.fromArray(INTS, sums, sum + at);
            IntVector sum1 = IntVector.fromArray(INTS, sums, sum + at + Lanes.COUNT);
            sum0 = sum0.lanewise(VectorOperators.LSHL, 16).add(sum0).lanewise(VectorOperators.ASHR, 16);
            sum1 = sum1.lanewise(VectorOperators.LSHL, 16).add(sum1).lanewise(VectorOperators.ASHR, 16);
            product0 = ((FloatVector) sum0.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, at).mul(activation), product0);
            product1 = ((FloatVector) sum1.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, at + Lanes.COUNT).mul(activation), product1);
            product0 = FloatVector.fromArray(FLOATS, offsets, at).fma(total, product0);
            product1 = FloatVector.fromArray(FLOATS, offsets, at + Lanes.COUNT).fma(total, product1);
        }
        product0.intoArray(products, product);
        product1.intoArray(products, product + Lanes.COUNT);
    }
}
