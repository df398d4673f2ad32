package org.flinkllama.model.kernel.grouped;

/// How the activations of a token become small integers: [#COLUMNS] at a time, with a scale of their own.
///
/// The scale is `highest / 127`, `highest` the largest magnitude of the block, and a number becomes
/// `rint(number · (127 / highest))`, −127 to 127, every step rounded to f32. A block below [#LOWEST] is zero, one with
/// a number that is not finite has the scale NaN, so that every product with it is NaN.
public final class QuantisedBlock {
    /// Columns of a block.
    public static final int COLUMNS = 32;

    /// The largest quant.
    public static final float HIGHEST_QUANT = 127;

    /// Magnitude below which a block counts as zero: `127 / highest` must be finite.
    public static final float LOWEST = 0x1p-120f;

    private QuantisedBlock() {}

    /// Scale of a block whose largest magnitude is this, or NaN.
    public static float scale(float highest) {
        if (highest < LOWEST) {
            return 0;
        }
        return highest <= Float.MAX_VALUE ? highest / HIGHEST_QUANT : Float.NaN;
    }

    /// What every number of the block is multiplied with.
    public static float factor(float highest) {
        return highest >= LOWEST && highest <= Float.MAX_VALUE ? HIGHEST_QUANT / highest : 0;
    }

    /// Quantises `numbers[offset … offset + COLUMNS)`.
    ///
    /// @param quants gets the integers, from 0
    /// @return the scale
    public static float quantise(float[] numbers, int offset, int[] quants) {
        float highest = 0;
        for (int column = 0; column < COLUMNS; column++) {
            highest = Math.max(highest, Math.abs(numbers[offset + column]));
        }
        float factor = factor(highest);
        for (int column = 0; column < COLUMNS; column++) {
            quants[column] = (int) Math.rint(numbers[offset + column] * factor);
        }
        return scale(highest);
    }
}
