package org.flinkllama.model.kernel.simd.grouped;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix × tokens as products of integers, two groups of sixteen rows at a time. Weights that were not repacked
/// are repacked on the way, which is slow. Belongs to one thread.
public final class GroupedProducts {
    /// Packed activations, about, that fit the second-level cache beside the weights of two groups.
    private static final int CACHED_NUMBERS = 1 << 18;

    private static final int SET = PackedActivations.LARGEST_SET;

    /// Unpacking once pays when it is used so often.
    private static final int TILED_TOKENS = 4 * SET;

    private final PackedActivations tokens = new PackedActivations();
    private final GroupChunk chunk = new GroupChunk();
    private final UnpackedTile tile = new UnpackedTile();
    private final int[] sums = new int[SET * BlockSums.TOKEN];
    private float[] products = new float[0];

    // what is being multiplied
    private WeightMatrix weights;
    private int firstRow;
    private int endRow;
    private int firstToken;
    private int tokenCount;

    /// The activations of the last product have changed.
    public void forget() {
        tokens.forget();
    }

    /// As [org.flinkllama.model.kernel.Kernel#multiply], or [org.flinkllama.model.kernel.Kernel#multiplyAgain]
    /// where nothing was forgotten since the last product.
    public void multiply(WeightMatrix matrix, int first, int end, Activations in, Activations out) {
        if (first >= end) {
            return;
        }
        if (matrix.groups().byteSize() > 0) {
            multiplyGrouped(matrix, first, end, in, out);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(RowGroups.bytes(matrix), 64);
            for (int group = first / RowGroups.ROWS; group < RowGroups.count(end); group++) {
                RowGroups.pack(matrix, group, groups, group * groupBytes(matrix));
            }
            multiplyGrouped(matrix.with(groups), first, end, in, out);
        }
    }

    private static long groupBytes(WeightMatrix matrix) {
        return RowGroups.groupBytes(matrix.type(), matrix.columns());
    }

    private void multiplyGrouped(WeightMatrix matrix, int first, int end, Activations in, Activations out) {
        weights = matrix;
        firstRow = first;
        endRow = end;
        int most = Math.max(SET, CACHED_NUMBERS / matrix.columns() / SET * SET);
        int firstGroup = first / RowGroups.ROWS;
        int endGroup = RowGroups.count(end);
        int distance = Math.ceilDiv(endGroup - firstGroup, 2);
        for (firstToken = 0; firstToken < in.tokens(); firstToken += most) {
            tokenCount = Math.min(most, in.tokens() - firstToken);
            tokens.pack(in, firstToken, tokenCount);
            reserve();
            if (tokenCount == 1) {
                multiplyOne(firstGroup, endGroup, out);
                continue;
            }
            for (int group = firstGroup; group < firstGroup + distance; group++) {
                int other = group + distance < endGroup ? group + distance : group;
                for (int row = 0; row < RowGroups.ROWS; row += Lanes.COUNT) {
                    multiplyTwo(group, other, row);
                    store(group * RowGroups.ROWS + row, 0, out);
                    store(other * RowGroups.ROWS + row, Lanes.COUNT, out);
                }
            }
        }
    }

    private void reserve() {
        int numbers = (tokenCount + SET) * 2 * Lanes.COUNT;
        if (products.length < numbers) {
            products = new float[numbers];
        }
    }

    /// Multiplies all rows with one token, in the order in which they stand in memory.
    private void multiplyOne(int firstGroup, int endGroup, Activations out) {
        for (int group = firstGroup; group < endGroup; group++) {
            for (int row = 0; row < RowGroups.ROWS; row += Lanes.COUNT) {
                multiplyOne(group * groupBytes(weights), row);
                store(group * RowGroups.ROWS + row, 0, out);
            }
        }
    }

    private void multiplyOne(long group, int row) {
        long start = group + row * Integer.BYTES;
        int blocks = weights.columns() / RowGroups.BLOCK;
        if (weights.type() == TensorType.Q4_0) {
            OneToken.multiplyQ4x0(weights.groups(), start, Math.ceilDiv(blocks, 2), tokens, products);
        } else {
            OneToken.multiplyQ4K(weights.groups(), start, blocks / RowGroups.CHUNK_BLOCKS, tokens, products);
        }
    }

    /// Multiplies as many rows of two groups as a vector has, from a row of the groups.
    private void multiplyTwo(int group0, int group1, int row) {
        MemorySegment data = weights.groups();
        TensorType type = weights.type();
        long first = group0 * groupBytes(weights) + row * Integer.BYTES;
        long second = group1 * groupBytes(weights) + row * Integer.BYTES;
        int blocks = weights.columns() / RowGroups.BLOCK;
        Arrays.fill(products, 0, (tokenCount + SET) * 2 * Lanes.COUNT, 0);
        for (int block = 0; block < blocks; block += RowGroups.CHUNK_BLOCKS) {
            int count = Math.min(RowGroups.CHUNK_BLOCKS, blocks - block);
            chunk.read(type, data, first, count, 0);
            chunk.read(type, data, second, count, 1);
            int pairs = RowGroups.pairOffset(type);
            multiplyChunk(data, first + pairs, second + pairs, block, count);
            first += RowGroups.chunkBytes(type);
            second += RowGroups.chunkBytes(type);
        }
    }

    private void multiplyChunk(MemorySegment data, long pairs0, long pairs1, int block, int blocks) {
        if (tokenCount >= TILED_TOKENS) {
            tile.unpack(data, pairs0, pairs1, blocks);
        }
        for (int token = 0; token < tokenCount; token += PackedActivations.set(tokenCount, token)) {
            int set = PackedActivations.set(tokenCount, token);
            int record = tokens.record(token, block, set);
            if (set == SET && tokenCount >= TILED_TOKENS) {
                tile.multiply(blocks, tokens.records(), record, sums);
            } else {
                BlockSums.compute(data, pairs0, pairs1, blocks, tokens.records(), record, set, sums);
            }
            for (int t = token; t < token + set; t++) {
                addScaled((t - token) * BlockSums.TOKEN, blocks, tokens.scale(t, block), t * 2 * Lanes.COUNT);
            }
        }
    }

    private void addScaled(int sum, int blocks, int factor, int product) {
        if (weights.type() == TensorType.Q4_0) {
            ScaledSums.add(sums, sum, blocks, chunk.scales(), tokens.scales(), factor, products, product);
        } else {
            ScaledSums.addWithOffsets(sums, sum, chunk, tokens, factor, products, product);
        }
    }

    /// Stores products of the rows of a vector that are wanted.
    ///
    /// @param product of the first token
    private void store(int row, int product, Activations out) {
        int first = Math.max(row, firstRow);
        int end = Math.min(row + Lanes.COUNT, endRow);
        for (int token = 0; token < tokenCount && first < end; token++) {
            int source = product + token * 2 * Lanes.COUNT + first - row;
            System.arraycopy(products, source, out.values(), out.offset(firstToken + token) + first, end - first);
        }
    }
}
