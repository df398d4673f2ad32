package org.flinkllama.model.tensor;

import java.lang.foreign.MemorySegment;

/// A row of 4-bit weights as integers: blocks of 32 quants of −8 to 7, each with a scale and an offset. A weight is
/// `scale · quant + offset`, which differs from what [RowDecoder] gives by rounding alone.
///
/// - Q4_0: the scale as stored, no offset.
/// - Q4_K: `scale = d·s`, and `offset = 8·scale − dmin·m`, every step rounded to f32, because quants are stored as 0
///   to 15.
public final class NibbleRow {
    /// Columns of a block.
    public static final int BLOCK = 32;

    private final byte[] quants;
    private final float[] scales;
    private final float[] offsets;

    /// Memory for rows of this many columns.
    public NibbleRow(int columns) {
        quants = new byte[columns];
        scales = new float[columns / BLOCK];
        offsets = new float[columns / BLOCK];
    }

    /// Whether rows of a type can be read.
    public static boolean supports(TensorType type) {
        return switch (type) {
            case Q4_0, Q4_K -> true;
            case F32, F16, BF16, Q8_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K, Q6_K -> false;
        };
    }

    /// Of every column, −8 to 7.
    public byte[] quants() {
        return quants;
    }

    /// Of every block.
    public float[] scales() {
        return scales;
    }

    /// Of every block.
    public float[] offsets() {
        return offsets;
    }

    /// Reads a row.
    public void read(WeightMatrix weights, int row) {
        long at = row * weights.rowBytes();
        int columnsOfBlock = weights.type().blockElements();
        for (int column = 0; column < weights.columns(); column += columnsOfBlock) {
            if (weights.type() == TensorType.Q4_0) {
                readQ4x0(weights.data(), at, column);
            } else if (weights.type() == TensorType.Q4_K) {
                readQ4K(weights.data(), at, column);
            } else {
                throw new IllegalArgumentException("Tensor '" + weights.name() + "' is " + weights.type()
                        + "; expected a type whose quants have four bits, Q4_0 or Q4_K.");
            }
            at += weights.type().blockBytes();
        }
    }

    private void readQ4x0(MemorySegment data, long at, int column) {
        scales[column / BLOCK] = RowDecoder.f16(data, at);
        offsets[column / BLOCK] = 0;
        for (int i = 0; i < BLOCK / 2; i++) {
            int pair = RowDecoder.u8(data, at + 2 + i);
            quants[column + i] = (byte) ((pair & 0xF) - 8);
            quants[column + i + BLOCK / 2] = (byte) ((pair >> 4) - 8);
        }
    }

    private void readQ4K(MemorySegment data, long at, int column) {
        float scale = RowDecoder.f16(data, at);
        float minimumScale = RowDecoder.f16(data, at + 2);
        for (int sub = 0; sub < SuperBlocks.ELEMENTS / BLOCK; sub++) {
            int block = column / BLOCK + sub;
            scales[block] = scale * SuperBlocks.scaleOfEight(data, at + 4, sub);
            offsets[block] = 8 * scales[block] - minimumScale * SuperBlocks.minimumOfEight(data, at + 4, sub);
            for (int i = 0; i < BLOCK; i++) {
                int pair = RowDecoder.u8(data, at + 16 + 32 * (sub / 2) + i);
                quants[block * BLOCK + i] = (byte) ((pair >> 4 * (sub % 2) & 0xF) - 8);
            }
        }
    }

    /// Scale and minimum of one of the eight blocks of a Q4_K super-block: six bits, and six from bit 8.
    ///
    /// @param at where the super-block begins
    public static int scaleAndMinimum(MemorySegment data, long at, int block) {
        return SuperBlocks.scaleOfEight(data, at + 4, block) | SuperBlocks.minimumOfEight(data, at + 4, block) << 8;
    }
}
