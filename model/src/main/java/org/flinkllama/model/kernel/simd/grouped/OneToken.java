package org.flinkllama.model.kernel.simd.grouped;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.simd.vector.Lanes.FLOATS;
import static org.flinkllama.model.kernel.simd.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowGroups;

/// Products of one group of rows with one token, in one pass over memory: sums of blocks, as [BlockSums] has them,
/// are scaled and added while they stand in registers. Which limits the speed is the memory.
final class OneToken {
    private static final int NIBBLES = 0x000F000F;
    private static final int QUARTER_BYTES = 64;
    private static final int QUARTERS = 4;

    private OneToken() {}

    /// Adds the products of a chunk.
    ///
    /// @param quants  where the quants of the vector's first row begin
    /// @param chunk   scales of the weights, those of its first group
    /// @param record  of the token's first block
    /// @param factor  where the token's scales begin
    static void add(
            MemorySegment data,
            long quants,
            int blocks,
            GroupChunk chunk,
            PackedActivations token,
            int record,
            int factor,
            float[] products) {
        add(data, quants, blocks, chunk.scales(), token.records(), record, token.scales(), factor, products);
    }

    private static void add(
            MemorySegment data,
            long quants,
            int blocks,
            float[] scales,
            int[] in,
            int record,
            float[] factors,
            int factor,
            float[] products) {
        FloatVector product = FloatVector.fromArray(FLOATS, products, 0);
        for (int block = 0; block < blocks; block++) {
            int x = record + block * BlockSums.RECORD;
            long at = quants + (long) block * RowGroups.QUANT_BYTES;
            ShortVector a = IntVector.broadcast(INTS, in[x + 16]).reinterpretAsShorts();
            ShortVector b = IntVector.zero(INTS).reinterpretAsShorts();
            ShortVector c = b;
            ShortVector d = b;
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                int y = x + quarter * 4;
                IntVector w = IntVector.fromMemorySegment(INTS, data, at + quarter * QUARTER_BYTES, LITTLE_ENDIAN);
                ShortVector q = IntVector.broadcast(INTS, in[y]).reinterpretAsShorts();
                a = w.and(NIBBLES).reinterpretAsShorts().mul(q).add(a);
                q = IntVector.broadcast(INTS, in[y + 1]).reinterpretAsShorts();
                b = w.lanewise(VectorOperators.LSHR, 4)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(b);
                q = IntVector.broadcast(INTS, in[y + 2]).reinterpretAsShorts();
                c = w.lanewise(VectorOperators.LSHR, 8)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(c);
                q = IntVector.broadcast(INTS, in[y + 3]).reinterpretAsShorts();
                d = w.lanewise(VectorOperators.LSHR, 12)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(d);
            }
            IntVector pairs = a.add(b).add(c.add(d)).reinterpretAsInts();
            IntVector sum = pairs.lanewise(VectorOperators.LSHL, 16).add(pairs).lanewise(VectorOperators.ASHR, 16);
            product = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, block * GroupScales.STRIDE)
                                    .mul(factors[factor + block]),
                            product);
        }
        product.intoArray(products, 0);
    }

    /// As the other, with offsets, as [ScaledSums#addWithOffsets] adds them.
    static void addWithOffsets(
            MemorySegment data,
            long quants,
            int blocks,
            GroupChunk chunk,
            PackedActivations token,
            int record,
            int factor,
            float[] products) {
        addWithOffsets(
                data,
                quants,
                blocks,
                chunk.scales(),
                chunk.offsets(),
                token.records(),
                record,
                token.scales(),
                token.totals(),
                factor,
                products);
    }

    private static void addWithOffsets(
            MemorySegment data,
            long quants,
            int blocks,
            float[] scales,
            float[] offsets,
            int[] in,
            int record,
            float[] factors,
            float[] totals,
            int factor,
            float[] products) {
        FloatVector product = FloatVector.fromArray(FLOATS, products, 0);
        for (int block = 0; block < blocks; block++) {
            int x = record + block * BlockSums.RECORD;
            long at = quants + (long) block * RowGroups.QUANT_BYTES;
            ShortVector a = IntVector.broadcast(INTS, in[x + 16]).reinterpretAsShorts();
            ShortVector b = IntVector.zero(INTS).reinterpretAsShorts();
            ShortVector c = b;
            ShortVector d = b;
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                int y = x + quarter * 4;
                IntVector w = IntVector.fromMemorySegment(INTS, data, at + quarter * QUARTER_BYTES, LITTLE_ENDIAN);
                ShortVector q = IntVector.broadcast(INTS, in[y]).reinterpretAsShorts();
                a = w.and(NIBBLES).reinterpretAsShorts().mul(q).add(a);
                q = IntVector.broadcast(INTS, in[y + 1]).reinterpretAsShorts();
                b = w.lanewise(VectorOperators.LSHR, 4)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(b);
                q = IntVector.broadcast(INTS, in[y + 2]).reinterpretAsShorts();
                c = w.lanewise(VectorOperators.LSHR, 8)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(c);
                q = IntVector.broadcast(INTS, in[y + 3]).reinterpretAsShorts();
                d = w.lanewise(VectorOperators.LSHR, 12)
                        .and(NIBBLES)
                        .reinterpretAsShorts()
                        .mul(q)
                        .add(d);
            }
            IntVector pairs = a.add(b).add(c.add(d)).reinterpretAsInts();
            IntVector sum = pairs.lanewise(VectorOperators.LSHL, 16).add(pairs).lanewise(VectorOperators.ASHR, 16);
            product = ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, block * GroupScales.STRIDE)
                                    .mul(factors[factor + block]),
                            product);
            product = FloatVector.fromArray(FLOATS, offsets, block * GroupScales.STRIDE)
                    .fma(FloatVector.broadcast(FLOATS, totals[factor + block]), product);
        }
        product.intoArray(products, 0);
    }
}
