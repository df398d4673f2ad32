package org.flinkllama.model.tensor;

/// Scales and quants for a super-block of 256 values. Each sub-block tries several scales around the one that its
/// extreme value suggests, improves each by least squares and keeps the best; the scales are then rounded to the
/// integers and f16 numbers that the format stores, and the quants chosen for what was stored.
///
/// @param scale        `d` as f16 stores it
/// @param minimumScale `dmin` as f16 stores it; 0 for a symmetric fit
/// @param scales       integer scale of each sub-block
/// @param minimums     integer minimum of each sub-block; 0 for a symmetric fit
/// @param quants       of all 256 values; from 0 for an affine fit, around 0 for a symmetric one
record SuperBlockFit(float scale, float minimumScale, int[] scales, int[] minimums, int[] quants) {
    private static final int ELEMENTS = SuperBlocks.ELEMENTS;
    private static final int TRIALS = 10; // on each side
    private static final float TRIAL_STEP = 0.1f;

    /// One sub-block before rounding: `value ≈ scale · quant − minimum`.
    private record Line(float scale, float minimum, double error) {}

    /// `value ≈ (d·s)·q − (dmin·m)` with `s`, `m` from 0 to `highestScale` and `q` from 0 to `highestQuant`.
    static SuperBlockFit affine(float[] values, int offset, int subElements, int highestScale, int highestQuant) {
        int subs = ELEMENTS / subElements;
        float[] slopes = new float[subs];
        float[] minimums = new float[subs];
        for (int sub = 0; sub < subs; sub++) {
            Line line = affineLine(values, offset + sub * subElements, subElements, highestQuant);
            slopes[sub] = line.scale();
            minimums[sub] = line.minimum();
        }
        float scale = half(peak(slopes) / highestScale);
        float minimumScale = half(peak(minimums) / highestScale);
        int[] wholeScales = wholes(slopes, scale, 0, highestScale);
        int[] wholeMinimums = wholes(minimums, minimumScale, 0, highestScale);
        int[] quants = new int[ELEMENTS];
        for (int element = 0; element < ELEMENTS; element++) {
            float step = scale * wholeScales[element / subElements];
            float minimum = minimumScale * wholeMinimums[element / subElements];
            quants[element] = quant(values[offset + element] + minimum, step, 0, highestQuant);
        }
        return new SuperBlockFit(scale, minimumScale, wholeScales, wholeMinimums, quants);
    }

    /// `value ≈ (d·s)·q` with `s` from `−scaleSpan` to `scaleSpan − 1` and `q` from `−quantSpan` to `quantSpan − 1`,
    /// in sub-blocks of 16.
    static SuperBlockFit symmetric(float[] values, int offset, int scaleSpan, int quantSpan) {
        int subElements = 16;
        int subs = ELEMENTS / subElements;
        float[] slopes = new float[subs];
        for (int sub = 0; sub < subs; sub++) {
            slopes[sub] = symmetricSlope(values, offset + sub * subElements, subElements, quantSpan);
        }
        float scale = half(peak(slopes) / -scaleSpan);
        int[] wholeScales = wholes(slopes, scale, -scaleSpan, scaleSpan - 1);
        int[] quants = new int[ELEMENTS];
        for (int element = 0; element < ELEMENTS; element++) {
            float step = scale * wholeScales[element / subElements];
            quants[element] = quant(values[offset + element], step, -quantSpan, quantSpan - 1);
        }
        return new SuperBlockFit(scale, 0, wholeScales, new int[subs], quants);
    }

    private static Line affineLine(float[] values, int from, int count, int highest) {
        float smallest = 0; // a minimum is never negative: zero stays inside the range
        float largest = 0;
        for (int index = from; index < from + count; index++) {
            smallest = Math.min(smallest, values[index]);
            largest = Math.max(largest, values[index]);
        }
        if (largest == smallest) {
            return new Line(0, 0, 0);
        }
        Line best = new Line(0, 0, Double.POSITIVE_INFINITY);
        for (int trial = -TRIALS; trial <= TRIALS; trial++) {
            float step = (largest - smallest) / (highest + TRIAL_STEP * trial);
            Line line = leastSquares(values, from, count, new Line(step, -smallest, 0), highest);
            best = line.error() < best.error() ? line : best;
        }
        return best;
    }

    /// The best line for the quants that `start` gives.
    private static Line leastSquares(float[] values, int from, int count, Line start, int highest) {
        float inverse = 1 / start.scale();
        double sumQuant = 0;
        double sumSquare = 0;
        double sumValue = 0;
        double sumProduct = 0;
        double sumValueSquare = 0;
        for (int index = from; index < from + count; index++) {
            double value = values[index];
            int quant = nearest((values[index] + start.minimum()) * inverse, 0, highest);
            sumQuant += quant;
            sumSquare += quant * quant;
            sumValue += value;
            sumProduct += value * quant;
            sumValueSquare += value * value;
        }
        double determinant = count * sumSquare - sumQuant * sumQuant;
        double scale = determinant > 0 ? (count * sumProduct - sumQuant * sumValue) / determinant : 0;
        double minimum = (scale * sumQuant - sumValue) / count;
        if (minimum < 0) {
            minimum = 0;
            scale = sumSquare > 0 ? sumProduct / sumSquare : 0;
        }
        double error = sumValueSquare
                + scale * (scale * sumSquare - 2 * sumProduct)
                + minimum * (count * minimum + 2 * sumValue - 2 * scale * sumQuant);
        return new Line((float) scale, (float) minimum, error);
    }

    private static float symmetricSlope(float[] values, int from, int count, int span) {
        float peak = 0;
        for (int index = from; index < from + count; index++) {
            peak = Math.abs(values[index]) > Math.abs(peak) ? values[index] : peak;
        }
        double bestGain = 0;
        double bestSlope = 0;
        for (int trial = -TRIALS; trial <= TRIALS && peak != 0; trial++) {
            float inverse = -(span + TRIAL_STEP * trial) / peak;
            double sumProduct = 0;
            double sumSquare = 0;
            for (int index = from; index < from + count; index++) {
                int quant = nearest(values[index] * inverse, -span, span - 1);
                sumProduct += (double) values[index] * quant;
                sumSquare += quant * quant;
            }
            double gain = sumSquare > 0 ? sumProduct * sumProduct / sumSquare : 0; // by which the error falls
            if (gain > bestGain) {
                bestGain = gain;
                bestSlope = sumProduct / sumSquare;
            }
        }
        return (float) bestSlope;
    }

    private static float half(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    /// The number of largest magnitude, with its sign.
    private static float peak(float[] numbers) {
        float peak = 0;
        for (float number : numbers) {
            peak = Math.abs(number) > Math.abs(peak) ? number : peak;
        }
        return peak;
    }

    private static int[] wholes(float[] numbers, float unit, int lowest, int highest) {
        int[] wholes = new int[numbers.length];
        for (int index = 0; index < numbers.length; index++) {
            wholes[index] = quant(numbers[index], unit, lowest, highest);
        }
        return wholes;
    }

    /// The whole number of steps nearest to a value; 0 where the step is 0.
    private static int quant(float value, float step, int lowest, int highest) {
        return step == 0 ? 0 : nearest(value / step, lowest, highest);
    }

    private static int nearest(float number, int lowest, int highest) {
        return (int) Math.rint(Math.min(Math.max(number, lowest), highest));
    }
}
