package org.flinkllama.model.llama;

import java.util.Arrays;

/// Sines and cosines of rotary position embedding, computed once for every position reached. Pairs are neighbouring
/// dimensions, as GGUF files of Llama order them. Grown by the decoder's thread between jobs, read by its workers.
final class RotaryTable {
    private static final int FIRST_POSITIONS = 256;

    private final RotaryFrequencies frequencies;
    private final int pairs;
    private float[] cosines = new float[0];
    private float[] sines = new float[0];
    private int positions;

    RotaryTable(RotaryFrequencies frequencies) {
        this.frequencies = frequencies;
        this.pairs = frequencies.radians().length;
    }

    /// Makes positions 0 until `needed` readable.
    void reach(int needed) {
        if (needed <= positions) {
            return;
        }
        int grown = Math.max(needed, Math.max(FIRST_POSITIONS, 2 * positions));
        float[] moreCosines = Arrays.copyOf(cosines, Math.multiplyExact(grown, pairs));
        float[] moreSines = Arrays.copyOf(sines, grown * pairs);
        for (int position = positions; position < grown; position++) {
            for (int pair = 0; pair < pairs; pair++) {
                double angle = position * frequencies.radians()[pair];
                moreCosines[position * pairs + pair] = (float) (StrictMath.cos(angle) * frequencies.magnitude());
                moreSines[position * pairs + pair] = (float) (StrictMath.sin(angle) * frequencies.magnitude());
            }
        }
        cosines = moreCosines;
        sines = moreSines;
        positions = grown;
    }

    /// Turns one head's vector, which stands in `vectors` from `offset`, to its position. Dimensions behind the rotary
    /// ones stay.
    void rotate(float[] vectors, int offset, int position) {
        int angle = position * pairs;
        for (int pair = 0; pair < pairs; pair++) {
            float cosine = cosines[angle + pair];
            float sine = sines[angle + pair];
            float even = vectors[offset + 2 * pair];
            float odd = vectors[offset + 2 * pair + 1];
            vectors[offset + 2 * pair] = Math.fma(even, cosine, -(odd * sine));
            vectors[offset + 2 * pair + 1] = Math.fma(odd, cosine, even * sine);
        }
    }
}
