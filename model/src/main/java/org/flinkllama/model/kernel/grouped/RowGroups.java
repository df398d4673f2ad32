package org.flinkllama.model.kernel.grouped;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.flinkllama.model.tensor.NibbleRow;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Weights of 4 bits in groups of sixteen rows, one group after the other; rows that the last one lacks are zero.
///
/// A group is a sequence of chunks, each 8 blocks of 32 columns, the last one those that are left:
///
/// | part                   | bytes                                                                         |
/// |------------------------|-------------------------------------------------------------------------------|
/// | scales of a block      | 32: of every row an f16 number, for Q4_K six bits of `s`, and of `m` from bit 8 |
/// | … of the other blocks  |                                                                               |
/// | for Q4_K: `d`, `dmin`  | 32 and 32: of every row an f16 number                                         |
/// | nothing                | as many as a whole cache line lacks                                           |
/// | quants of a block      | 256: `[16-bit column pair quarter 0…3][row][4]`, the bytes of a Q4_0 block     |
/// | … of the other blocks  |                                                                               |
///
/// Whoever multiplies reads a group from its first byte to its last, which is what the memory prefetcher expects.
///
/// A byte holds the quants, 0 to 15, of a column of the block and, in its high half, of the column 16 further. So four
/// neighbouring bytes of a row have eight columns, and sixteen such fours are what one load brings.
public final class RowGroups {
    /// Rows of a group.
    public static final int ROWS = 16;

    /// Columns of a block.
    public static final int BLOCK = NibbleRow.BLOCK;

    /// Blocks of a whole chunk.
    public static final int CHUNK_BLOCKS = 8;

    /// Bytes of the quants of a block of a group.
    public static final int QUANT_BYTES = ROWS * BLOCK / 2;

    /// Bytes of the scales of a block of a group.
    public static final int SCALE_BYTES = ROWS * Short.BYTES;

    /// Bytes of a cache line, with which groups begin.
    public static final int LINE = 64;

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
        return chunkBytes(type, CHUNK_BLOCKS);
    }

    private static int chunkBytes(TensorType type, int blocks) {
        return quantOffset(type, blocks) + blocks * QUANT_BYTES;
    }

    /// Where the quants of a chunk of so many blocks begin, from the chunk's beginning.
    public static int quantOffset(TensorType type, int blocks) {
        int vectors = type == TensorType.Q4_K ? blocks + 2 : blocks;
        return Math.ceilDiv(vectors * SCALE_BYTES, LINE) * LINE;
    }

    /// Bytes of a group, a multiple of a cache line.
    public static long groupBytes(TensorType type, int columns) {
        int blocks = columns / BLOCK;
        return (long) (blocks / CHUNK_BLOCKS) * chunkBytes(type) + chunkBytes(type, blocks % CHUNK_BLOCKS);
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
                int count = Math.min(CHUNK_BLOCKS, blocks - first);
                long chunk = at + (long) (first / CHUNK_BLOCKS) * chunkBytes(weights.type());
                long scales = chunk + row * Short.BYTES;
                long quants = chunk + quantOffset(weights.type(), count) + row * Integer.BYTES;
                if (weights.type() == TensorType.Q4_0) {
                    packQ4x0(weights.data(), source, count, target, quants, scales);
                    source += (long) count * weights.type().blockBytes();
                } else {
                    packQ4K(weights.data(), source, target, quants, scales);
                    source += weights.type().blockBytes();
                }
            }
        }
    }

    private static void packQ4x0(
            MemorySegment data, long source, int blocks, MemorySegment target, long quants, long scales) {
        for (int block = 0; block < blocks; block++) {
            long from = source + (long) block * TensorType.Q4_0.blockBytes();
            long to = quants + (long) block * QUANT_BYTES;
            target.set(SHORT, scales + (long) block * SCALE_BYTES, data.get(SHORT, from));
            target.set(INT, to, data.get(INT, from + 2));
            target.set(INT, to + 64, data.get(INT, from + 6));
            target.set(INT, to + 128, data.get(INT, from + 10));
            target.set(INT, to + 192, data.get(INT, from + 14));
        }
    }

    /// A super-block keeps 64 columns in 32 bytes, the first half of them in the low halves.
    private static void packQ4K(MemorySegment data, long source, MemorySegment target, long quants, long scales) {
        for (int block = 0; block < CHUNK_BLOCKS; block++) {
            long from = source + 16 + 32 * (block / 2);
            int shift = 4 * (block % 2);
            for (int quarter = 0; quarter < 4; quarter++) {
                int low = data.get(INT, from + 4 * quarter) >>> shift & HALVES;
                int high = data.get(INT, from + 16 + 4 * quarter) >>> shift & HALVES;
                target.set(INT, quants + (long) block * QUANT_BYTES + 64 * quarter, low | high << 4);
            }
            short scale = (short) NibbleRow.scaleAndMinimum(data, source, block);
            target.set(SHORT, scales + (long) block * SCALE_BYTES, scale);
        }
        target.set(SHORT, scales + CHUNK_BLOCKS * SCALE_BYTES, data.get(SHORT, source));
        target.set(SHORT, scales + (CHUNK_BLOCKS + 1) * SCALE_BYTES, data.get(SHORT, source + 2));
    }
}
