package org.flinkllama.model.kernel.grouped;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.flinkllama.model.tensor.NibbleRow;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Weights of 4 bits in groups of sixteen rows, one group after the other; rows that the last one lacks are zero.
///
/// A group is a sequence of pairs of blocks, each of 32 columns; the last pair of an odd number ends in a block of
/// zeros. For Q4_K, what a super-block of four pairs has in common stands before them: a line with `d` and `dmin`
/// of every row as two f16 numbers.
///
/// | part                       | bytes                                                                       |
/// |----------------------------|-----------------------------------------------------------------------------|
/// | scales of both blocks      | 64: `[row][2]` f16 numbers, for Q4_K six bits of `s`, and of `m` from bit 8   |
/// | quants of the first block  | 256: `[16-bit column pair quarter 0…3][row][4]`, the bytes of a Q4_0 block   |
/// | quants of the second block | 256                                                                         |
///
/// Whoever multiplies reads a group from its first byte to its last, which is what the memory prefetcher expects.
///
/// A byte holds the quants, 0 to 15, of a column of the block and, in its high half, of the column 16 further. So
/// four neighbouring bytes of a row have eight columns, and sixteen such fours are what one load brings.
public final class RowGroups {
    /// Rows of a group.
    public static final int ROWS = 16;

    /// Columns of a block.
    public static final int BLOCK = NibbleRow.BLOCK;

    /// Blocks of a chunk, the most that kernels for several tokens take at a time: a super-block of Q4_K.
    public static final int CHUNK_BLOCKS = 8;

    /// Bytes of a cache line, with which groups and all their parts begin.
    public static final int LINE = 64;

    /// Bytes of the quants of a block of a group.
    public static final int QUANT_BYTES = ROWS * BLOCK / 2;

    /// Bytes of a pair of blocks.
    public static final int PAIR_BYTES = LINE + 2 * QUANT_BYTES;

    private static final int HALVES = 0x0F0F0F0F;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowGroups() {}

    /// Whether matrices of a type are multiplied as integers, and so are grouped.
    public static boolean support(TensorType type) {
        return NibbleRow.supports(type);
    }

    /// Groups of a matrix.
    public static int count(int rows) {
        return Math.ceilDiv(rows, ROWS);
    }

    /// Bytes of a whole chunk.
    public static int chunkBytes(TensorType type) {
        return pairOffset(type) + CHUNK_BLOCKS / 2 * PAIR_BYTES;
    }

    /// Where the pairs of a chunk begin, from the chunk's beginning.
    public static int pairOffset(TensorType type) {
        return type == TensorType.Q4_K ? LINE : 0;
    }

    /// Where the quants of a chunk's block begin, from where its pairs do.
    public static int quantOffset(int block) {
        return LINE + block * QUANT_BYTES + block / 2 * LINE;
    }

    /// Bytes of a group, a multiple of a cache line.
    public static long groupBytes(TensorType type, int columns) {
        long pairs = Math.ceilDiv(columns, 2 * BLOCK);
        return pairs * PAIR_BYTES + columns / (CHUNK_BLOCKS * BLOCK) * (long) pairOffset(type);
    }

    /// Bytes of a matrix in groups.
    public static long bytes(WeightMatrix weights) {
        return count(weights.rows()) * groupBytes(weights.type(), weights.columns());
    }

    /// Packs a group.
    ///
    /// @param target zeros, where the group is to stand from byte `at`
    public static void pack(WeightMatrix weights, int group, MemorySegment target, long at) {
        int rows = Math.min(ROWS, weights.rows() - group * ROWS);
        int blocks = weights.columns() / BLOCK;
        for (int row = 0; row < rows; row++) {
            long source = (group * ROWS + row) * weights.rowBytes();
            for (int first = 0; first < blocks; first += CHUNK_BLOCKS) {
                long chunk = at + (long) (first / CHUNK_BLOCKS) * chunkBytes(weights.type()) + row * Integer.BYTES;
                if (weights.type() == TensorType.Q4_0) {
                    int count = Math.min(CHUNK_BLOCKS, blocks - first);
                    packQ4x0(weights.data(), source, count, target, chunk);
                    source += (long) count * weights.type().blockBytes();
                } else {
                    packQ4K(weights.data(), source, target, chunk);
                    source += weights.type().blockBytes();
                }
            }
        }
    }

    /// Where a block's scale stands, from where the row's scales in the chunk's first pair do.
    private static long scaleOffset(int block) {
        return block / 2 * (long) PAIR_BYTES + block % 2 * Short.BYTES;
    }

    private static void packQ4x0(MemorySegment data, long source, int blocks, MemorySegment target, long pairs) {
        for (int block = 0; block < blocks; block++) {
            long from = source + (long) block * TensorType.Q4_0.blockBytes();
            long to = pairs + quantOffset(block);
            target.set(SHORT, pairs + scaleOffset(block), data.get(SHORT, from));
            target.set(INT, to, data.get(INT, from + 2));
            target.set(INT, to + 64, data.get(INT, from + 6));
            target.set(INT, to + 128, data.get(INT, from + 10));
            target.set(INT, to + 192, data.get(INT, from + 14));
        }
    }

    /// A super-block keeps 64 columns in 32 bytes, the first half of them in the low halves.
    private static void packQ4K(MemorySegment data, long source, MemorySegment target, long chunk) {
        target.set(INT, chunk, data.get(INT, source));
        long pairs = chunk + LINE;
        for (int block = 0; block < CHUNK_BLOCKS; block++) {
            long from = source + 16 + 32 * (block / 2);
            long to = pairs + quantOffset(block);
            int shift = 4 * (block % 2);
            for (int quarter = 0; quarter < 4; quarter++) {
                int low = data.get(INT, from + 4 * quarter) >>> shift & HALVES;
                int high = data.get(INT, from + 16 + 4 * quarter) >>> shift & HALVES;
                target.set(INT, to + 64 * quarter, low | high << 4);
            }
            short scale = (short) NibbleRow.scaleAndMinimum(data, source, block);
            target.set(SHORT, pairs + scaleOffset(block), scale);
        }
    }
}
