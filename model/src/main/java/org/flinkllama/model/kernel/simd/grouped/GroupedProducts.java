package org.flinkllama.model.kernel.simd.grouped;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix × tokens as products of integers, one or two groups of sixteen rows at a time. Belongs to one
/// thread.
public final class GroupedProducts {
    /// Packed activations, about, that are multiplied with the weights of two groups before the next two.
    private static final int CACHED_NUMBERS = 1 << 20;

    private static final int SET = PackedActivations.LARGEST_SET;

    /// From so many tokens on, unpacking weights once pays; for Q4_K earlier, because its scales are unpacked, too.
    private static final int TILED_TOKENS = 8 * SET;

    private static final int TILED_TOKENS_Q4K = 4 * SET;

    private final PackedActivations tokens = new PackedActivations();
    private final GroupChunk chunk = new GroupChunk();
    private final UnpackedTile tile = new UnpackedTile();
    private final int[] sums = new int[SET * UnpackedTile.TOKEN];
    private final float[] few =
            new float[PackedActivations.SMALL_SET * 2 * Lanes.COUNT]; // products, [token][group][row of the vector]
    private float[] commons = new float[0]; // of Q4_K, as GroupScales stores them
    private float[] many = new float[0]; // [token][group][row of the vector]

    private long touched; // of weights, so that reading them is not left out

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
        weights = matrix;
        firstRow = first;
        endRow = end;
        int most = Math.max(SET, CACHED_NUMBERS / matrix.columns() / SET * SET);
        int firstGroup = first / RowGroups.ROWS;
        int endGroup = RowGroups.count(end);
        for (firstToken = 0; firstToken < in.tokens(); firstToken += most) {
            tokenCount = Math.min(most, in.tokens() - firstToken);
            int tiled = tiled(matrix.type(), tokenCount);
            tokens.pack(in, firstToken, tokenCount, tiled);
            if (tiled > 0) {
                multiplyTiled(tiled, firstGroup, endGroup, out);
            }
            if (tokenCount == 1) {
                multiplyOne(firstGroup, endGroup, out);
            } else if (tiled < tokenCount) {
                multiplyFew(tiled, firstGroup, endGroup, out);
            }
        }
    }

    /// The first tokens of `count` for which unpacking weights once pays; `count` or more where it pays for all.
    private static int tiled(TensorType type, int count) {
        if (count < (type == TensorType.Q4_0 ? TILED_TOKENS : TILED_TOKENS_Q4K)) {
            return 0;
        }
        int whole = count / SET * SET;
        return count - whole > SET / 2 ? whole + SET : whole;
    }

    private static long groupBytes(WeightMatrix matrix) {
        return RowGroups.groupBytes(matrix.type(), matrix.columns());
    }

    /// Multiplies all rows with one token, in the order in which they stand in memory.
    private void multiplyOne(int firstGroup, int endGroup, Activations out) {
        int blocks = weights.columns() / RowGroups.BLOCK;
        for (int group = firstGroup; group < endGroup; group++) {
            for (int row = 0; row < RowGroups.ROWS; row += Lanes.COUNT) {
                long start = start(group, row);
                if (weights.type() == TensorType.Q4_0) {
                    OneToken.multiplyQ4x0(weights.repacked(), start, Math.ceilDiv(blocks, 2), tokens, few);
                } else {
                    OneToken.multiplyQ4K(weights.repacked(), start, blocks / RowGroups.CHUNK_BLOCKS, tokens, few);
                }
                store(group * RowGroups.ROWS + row, few, 0, 0, 1, out);
            }
        }
    }

    /// Multiplies all rows with the tokens from `token`, two groups at a time.
    private void multiplyFew(int token, int firstGroup, int endGroup, Activations out) {
        int chunks = weights.columns() / RowGroups.BLOCK / RowGroups.CHUNK_BLOCKS;
        if (commons.length < chunks * GroupScales.CHUNK) {
            commons = new float[chunks * GroupScales.CHUNK];
        }
        int distance = Math.ceilDiv(endGroup - firstGroup, 2);
        for (int group = firstGroup; group < firstGroup + distance; group++) {
            int other = group + distance < endGroup ? group + distance : group;
            for (int row = 0; row < RowGroups.ROWS; row += Lanes.COUNT) {
                long first = start(group, row);
                long second = start(other, row);
                if (weights.type() == TensorType.Q4_K) {
                    GroupScales.readCommons(weights.repacked(), first, second, chunks, commons);
                }
                for (int set = token; set < tokenCount; set += PackedActivations.SMALL_SET) {
                    multiplyTwoTokens(first, second, set);
                    int count = Math.min(PackedActivations.SMALL_SET, tokenCount - set);
                    store(group * RowGroups.ROWS + row, few, 0, set, count, out);
                    store(other * RowGroups.ROWS + row, few, Lanes.COUNT, set, count, out);
                }
            }
        }
    }

    private void multiplyTwoTokens(long first, long second, int set) {
        int blocks = weights.columns() / RowGroups.BLOCK;
        int record = tokens.record(set, 0, PackedActivations.SMALL_SET);
        int factor = tokens.scale(set, 0);
        if (weights.type() == TensorType.Q4_0) {
            TwoTokensQ4x0.multiply(weights.repacked(), first, second, blocks, tokens, record, factor, few);
        } else {
            TwoTokensQ4K.multiply(weights.repacked(), first, second, blocks, commons, tokens, record, factor, few);
        }
    }

    /// Where a group begins, for a row of it.
    private long start(int group, int row) {
        return group * groupBytes(weights) + row * Integer.BYTES;
    }

    /// Multiplies all rows with the first `count` tokens, two groups at a time.
    private void multiplyTiled(int count, int firstGroup, int endGroup, Activations out) {
        int numbers = (count + SET) * 2 * Lanes.COUNT;
        if (many.length < numbers) {
            many = new float[numbers];
        }
        int distance = Math.ceilDiv(endGroup - firstGroup, 2);
        for (int group = firstGroup; group < firstGroup + distance; group++) {
            int other = group + distance < endGroup ? group + distance : group;
            for (int row = 0; row < RowGroups.ROWS; row += Lanes.COUNT) {
                multiplyTwo(count, group, other, row);
                int stored = Math.min(count, tokenCount);
                store(group * RowGroups.ROWS + row, many, 0, 0, stored, out);
                store(other * RowGroups.ROWS + row, many, Lanes.COUNT, 0, stored, out);
            }
        }
    }

    /// Multiplies as many rows of two groups as a vector has, from a row of the groups.
    private void multiplyTwo(int count, int group0, int group1, int row) {
        MemorySegment data = weights.repacked();
        TensorType type = weights.type();
        long first = start(group0, row);
        long second = start(group1, row);
        int blocks = weights.columns() / RowGroups.BLOCK;
        Arrays.fill(many, 0, count * 2 * Lanes.COUNT, 0);
        for (int block = 0; block < blocks; block += RowGroups.CHUNK_BLOCKS) {
            int size = Math.min(RowGroups.CHUNK_BLOCKS, blocks - block);
            int bytes = RowGroups.pairOffset(type) + Math.ceilDiv(size, 2) * RowGroups.PAIR_BYTES;
            touched += lines(data, first, second, bytes);
            chunk.read(type, data, first, size, 0);
            chunk.read(type, data, second, size, 1);
            tile.unpack(data, first + RowGroups.pairOffset(type), second + RowGroups.pairOffset(type), size);
            for (int token = 0; token < count; token += SET) {
                tile.multiply(size, tokens.records(), tokens.record(token, block, SET), sums);
                for (int t = token; t < token + SET; t++) {
                    addScaled((t - token) * UnpackedTile.TOKEN, size, tokens.scale(t, block), t * 2 * Lanes.COUNT);
                }
            }
            first += RowGroups.chunkBytes(type);
            second += RowGroups.chunkBytes(type);
        }
    }

    /// Reads a number of each cache line of two chunks: all lines come from memory beside each other then, where
    /// unpacking would wait for a few at a time. Its result is of use to the compiler alone.
    private static long lines(MemorySegment data, long first, long second, int bytes) {
        long sum = 0;
        for (int line = 0; line < bytes; line += RowGroups.LINE) {
            sum += data.get(Quants.INT, first + line);
            sum += data.get(Quants.INT, second + line);
        }
        return sum;
    }

    private void addScaled(int sum, int blocks, int factor, int product) {
        if (weights.type() == TensorType.Q4_0) {
            ScaledSums.add(sums, sum, blocks, chunk.scales(), tokens.scales(), factor, many, product);
        } else {
            ScaledSums.addWithOffsets(sums, sum, chunk, tokens, factor, many, product);
        }
    }

    /// Stores products of the rows of a vector that are wanted.
    ///
    /// @param product of the first of the tokens, the next ones being those of two groups apart
    private void store(int row, float[] products, int product, int token, int count, Activations out) {
        int first = Math.max(row, firstRow);
        int end = Math.min(row + Lanes.COUNT, endRow);
        for (int t = 0; t < count && first < end; t++) {
            int source = product + t * 2 * Lanes.COUNT + first - row;
            System.arraycopy(products, source, out.values(), out.offset(firstToken + token + t) + first, end - first);
        }
    }
}
