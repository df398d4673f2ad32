package org.flinkllama.model.kernel.grouped;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Weights that are a scale times a signed byte, those of Q6_K, in quartets of rows, one quartet after the other;
/// rows that the last one lacks are zero. A weight is worth what it was in its own format, and takes ten bits.
///
/// A quartet is a sequence of records, each of the sixteen columns that share a scale:
///
/// | part   | bytes                            |
/// |--------|----------------------------------|
/// | scales | 16: `[row]`, `d · s` as f32      |
/// | quants | 64: `[row][16]`                  |
///
/// Whoever multiplies reads a quartet from its first byte to its last, which is what the memory prefetcher expects.
public final class RowQuartets {
    /// Rows of a quartet.
    public static final int ROWS = 4;

    /// Columns of a record.
    public static final int COLUMNS = 16;

    /// Bytes of the scales, with which a record begins.
    public static final int SCALE_BYTES = ROWS * Float.BYTES;

    /// Bytes of a record.
    public static final int RECORD_BYTES = SCALE_BYTES + ROWS * COLUMNS;

    /// How a scale is stored.
    public static final ValueLayout.OfFloat SCALE = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowQuartets() {}

    /// Whether matrices of a type are multiplied by quartets.
    public static boolean support(TensorType type) {
        return type == TensorType.Q6_K;
    }

    /// Quartets of a matrix.
    public static int count(int rows) {
        return Math.ceilDiv(rows, ROWS);
    }

    /// Bytes of a quartet.
    public static long quartetBytes(int columns) {
        return (long) (columns / COLUMNS) * RECORD_BYTES;
    }

    /// Bytes of a matrix in quartets.
    public static long bytes(WeightMatrix weights) {
        return count(weights.rows()) * quartetBytes(weights.columns());
    }

    /// Packs a quartet.
    ///
    /// @param target zeros, where the quartet is to stand from byte `at`
    public static void pack(WeightMatrix weights, int quartet, MemorySegment target, long at) {
        int rows = Math.min(ROWS, weights.rows() - quartet * ROWS);
        for (int row = 0; row < rows; row++) {
            packRow(weights, (quartet * ROWS + row) * weights.rowBytes(), target, at, row);
        }
    }

    /// A half of a super-block, 128 columns, has 64 bytes of low bits and 32 of high bits, eight bytes of which are
    /// taken at once.
    private static void packRow(WeightMatrix weights, long source, MemorySegment target, long at, int row) {
        MemorySegment data = weights.data();
        long scales = at + (long) row * Float.BYTES;
        long quants = at + SCALE_BYTES + (long) row * COLUMNS;
        int halves = weights.columns() / (TensorType.Q6_K.blockElements() / 2);
        for (int half = 0; half < halves; half++) {
            long block = source + (half / 2) * (long) TensorType.Q6_K.blockBytes();
            float scale = Float.float16ToFloat(data.get(SHORT, block + 208));
            for (int run = 0; run < 8; run++) {
                float runScale = scale * data.get(BYTE, block + 192 + half % 2 * 8 + run);
                target.set(SCALE, scales, runScale);
                long low = block + half % 2 * 64 + run % 4 * 16;
                long high = block + 128 + half % 2 * 32 + run % 2 * 16;
                for (int eight = 0; eight < COLUMNS; eight += Long.BYTES) {
                    long lowBits = data.get(LONG, low + eight) >>> run / 4 * 4 & 0x0F0F0F0F0F0F0F0FL;
                    long highBits = (data.get(LONG, high + eight) >>> run / 2 * 2 & 0x0303030303030303L) << 4;
                    target.set(LONG, quants + eight, lessBy32(lowBits | highBits));
                }
                scales += RECORD_BYTES;
                quants += RECORD_BYTES;
            }
        }
    }

    /// Eight bytes from 0 to 63, each less by 32: with the sixth bit turned, the bits above it are the sign.
    private static long lessBy32(long bytes) {
        long turned = bytes ^ 0x2020202020202020L;
        long negative = turned & 0x2020202020202020L;
        return turned | negative << 1 | negative << 2;
    }
}
