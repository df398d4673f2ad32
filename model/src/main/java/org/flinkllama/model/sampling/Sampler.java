package org.flinkllama.model.sampling;

import java.util.Arrays;
import java.util.BitSet;
import org.flinkllama.model.kernel.Exponential;

/// Draws tokens from logits. The repetition penalty and the constraint come first, then top-k, top-p and min-p on
/// the distribution of temperature 1, then the temperature. Keeps scratch memory: belongs to one thread.
public final class Sampler {
    private final float[] logits;
    private final int[] ids;
    private final float[] weights;
    private final long[] order;

    public Sampler(int vocabularySize) {
        logits = new float[vocabularySize];
        ids = new int[vocabularySize];
        weights = new float[vocabularySize];
        order = new long[vocabularySize];
    }

    /// What the choices of a sequence depend on beside the logits and the draw.
    ///
    /// @param allowed tokens to choose from; null where all are allowed
    /// @param seen    tokens of the prompt and of the text so far, for the repetition penalty
    public record Choice(SamplingOptions options, BitSet allowed, BitSet seen) {}

    /// A token by the choice's options.
    ///
    /// @param row  the token's logits stand in `values` from here
    /// @param draw a number in [0, 1)
    public int sample(float[] values, int row, Choice choice, double draw) {
        SamplingOptions options = choice.options();
        if (options.temperature() == 0 && options.repetitionPenalty() == 1 && choice.allowed() == null) {
            return mostLikely(values, row);
        }
        System.arraycopy(values, row, logits, 0, logits.length);
        if (options.repetitionPenalty() != 1) {
            penalise(choice.seen(), options.repetitionPenalty());
        }
        int count = candidates(choice.allowed());
        if (options.temperature() == 0) {
            return mostLikely(count);
        }
        count = filter(count, options);
        return draw(count, options.temperature(), draw);
    }

    /// The most likely of all tokens, the first on a tie: nothing needs a copy.
    private int mostLikely(float[] values, int row) {
        float highest = Float.NEGATIVE_INFINITY;
        int best = 0;
        for (int id = 0; id < logits.length; id++) {
            if (values[row + id] > highest) {
                highest = values[row + id];
                best = id;
            }
        }
        return best;
    }

    private void penalise(BitSet seen, float penalty) {
        for (int id = seen.nextSetBit(0); id >= 0; id = seen.nextSetBit(id + 1)) {
            logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
        }
    }

    private int candidates(BitSet allowed) {
        int count = 0;
        if (allowed == null) {
            for (int id = 0; id < logits.length; id++) {
                ids[count++] = id;
            }
        } else {
            for (int id = allowed.nextSetBit(0); id >= 0; id = allowed.nextSetBit(id + 1)) {
                ids[count++] = id;
            }
        }
        return count;
    }

    private int mostLikely(int count) {
        int best = ids[0];
        for (int i = 1; i < count; i++) {
            if (logits[ids[i]] > logits[best]) {
                best = ids[i];
            }
        }
        return best;
    }

    /// Drops candidates; the rest stand in `ids`, the most likely first where an order was needed.
    private int filter(int count, SamplingOptions options) {
        int kept = count;
        if (options.topK() > 0 && options.topK() < kept) {
            kept = sort(kept, Float.NEGATIVE_INFINITY, options.topK());
        }
        if (options.topP() < 1) {
            kept = keepNucleus(kept, options.topP());
        }
        if (options.minP() > 0) {
            float floor = logits[mostLikely(kept)] + (float) StrictMath.log(options.minP());
            int above = 0;
            for (int i = 0; i < kept; i++) {
                if (logits[ids[i]] >= floor) {
                    ids[above++] = ids[i];
                }
            }
            kept = above;
        }
        return kept;
    }

    /// Keeps the most likely candidates whose probabilities reach `topP`.
    private int keepNucleus(int count, float topP) {
        float highest = logits[mostLikely(count)];
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += Exponential.of(logits[ids[i]] - highest);
        }
        // Candidates below this share of the total can't be needed: together they weigh less than 1 - topP.
        double negligible = (1 - topP) * total / count;
        float floor = highest + (float) StrictMath.log(Math.max(negligible, 1e-37));
        int sorted = sort(count, Math.min(floor - 1e-3f, highest), count);
        double sum = 0;
        for (int i = 0; i < sorted; i++) {
            sum += Exponential.of(logits[ids[i]] - highest);
            if (sum >= topP * total) {
                return i + 1;
            }
        }
        return sorted;
    }

    /// Orders the candidates with logits of at least `floor`, the highest first and the lower id on a tie, and
    /// keeps `most` of them.
    private int sort(int count, float floor, int most) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (logits[ids[i]] >= floor) {
                order[kept++] = (long) ~sortable(logits[ids[i]]) << 32 | ids[i];
            }
        }
        Arrays.sort(order, 0, kept);
        kept = Math.min(kept, most);
        for (int i = 0; i < kept; i++) {
            ids[i] = (int) order[i];
        }
        return kept;
    }

    /// An integer that orders as the number does.
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private int draw(int count, float temperature, double draw) {
        float highest = logits[mostLikely(count)];
        double total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Exponential.of((logits[ids[i]] - highest) / temperature);
            total += weights[i];
        }
        double target = draw * total;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            if (sum > target) {
                return ids[i];
            }
        }
        return mostLikely(count);
    }
}
