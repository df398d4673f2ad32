package org.flinkllama.model.kernel.grouped;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Weights that are a scale times a signed byte, Q8_0 and Q6_K, in quartets of rows, one quartet after the other;
/// rows that the last one lacks are zero. A weight is worth what it was in its own format.
///
/// A quartet is a sequence of records, each of as many columns as share a scale, 32 of Q8_0 and 16 of Q6_K:
///
/// | part                         | bytes                                       |
/// |------------------------------|---------------------------------------------|
/// | scales                       | 16: `[row]` f32 numbers, `d · s` for Q6_K   |
/// | quants                       | 64 for every sixteen columns: `[row][16]`   |
///
/// Whoever multiplies reads a quartet from its first byte to its last, which is what the memory prefetcher expects.
public final class RowQuartets {
    /// Rows of a quartet.
    public static final int ROWS = 4;

    /// Columns whose quants stand beside each other.
    public static final int COLUMNS = 16;

    /// Bytes of the scales, with which a record begins.
    public static final int SCALE_BYTES = ROWS * Float.BYTES;

    /// Bytes of the quants of sixteen columns.
    public static final int QUANT_BYTES = ROWS * COLUMNS;

    /// How a scale is stored.
    public static final ValueLayout.OfFloat SCALE = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowQuartets() {}

    /// Whether matrices of a type are multiplied by quartets.
    public static boolean support(TensorType type) {
        return type == TensorType.Q8_0 || type == TensorType.Q6_K;
    }

    /// Columns of a record.
    public static int recordColumns(TensorType type) {
        return type == TensorType.Q8_0 ? 2 * COLUMNS : COLUMNS;
    }

    /// Bytes of a record.
    public static int recordBytes(TensorType type) {
        return SCALE_BYTES + recordColumns(type) / COLUMNS * QUANT_BYTES;
    }

    /// Quartets of a matrix.
    public static int count(int rows) {
        return Math.ceilDiv(rows, ROWS);
    }

    /// Bytes of a quartet.
    public static long quartetBytes(TensorType type, int columns) {
        return (long) (columns / recordColumns(type)) * recordBytes(type);
    }

    /// Bytes of a matrix in quartets.
    public static long bytes(WeightMatrix weights) {
        return count(weights.rows()) * quartetBytes(weights.type(), weights.columns());
    }

    /// Packs a quartet.
    ///
    /// @param target zeros, where the quartet is to stand from byte `at`
    public static void pack(WeightMatrix weights, int quartet, MemorySegment target, long at) {
        int rows = Math.min(ROWS, weights.rows() - quartet * ROWS);
        for (int row = 0; row < rows; row++) {
            long source = (quartet * ROWS + row) * weights.rowBytes();
            if (weights.type() == TensorType.Q8_0) {
                packQ8x0(weights, source, target, at, row);
            } else {
                packQ6K(weights, source, target, at, row);
            }
        }
    }

    private static void packQ8x0(WeightMatrix weights, long source, MemorySegment target, long at, int row) {
        MemorySegment data = weights.data();
        int blockBytes = TensorType.Q8_0.blockBytes();
        int recordBytes = recordBytes(TensorType.Q8_0);
        long scale = at + (long) row * Float.BYTES;
        long quants = at + SCALE_BYTES + (long) row * COLUMNS;
        int blocks = weights.columns() / TensorType.Q8_0.blockElements();
        for (int block = 0; block < blocks; block++) {
            target.set(SCALE, scale, Float.float16ToFloat(data.get(SHORT, source)));
            target.set(LONG, quants, data.get(LONG, source + 2));
            target.set(LONG, quants + 8, data.get(LONG, source + 10));
            target.set(LONG, quants + QUANT_BYTES, data.get(LONG, source + 18));
            target.set(LONG, quants + QUANT_BYTES + 8, data.get(LONG, source + 26));
            source += blockBytes;
            scale += recordBytes;
            quants += recordBytes;
        }
    }

    /// A half of a super-block, 128 columns, has 64 bytes of low bits and 32 of high bits, eight bytes of which are
    /// taken at once.
    private static void packQ6K(WeightMatrix weights, long source, MemorySegment target, long at, int row) {
        MemorySegment data = weights.data();
        int recordBytes = recordBytes(TensorType.Q6_K);
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
                scales += recordBytes;
                quants += recordBytes;
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
