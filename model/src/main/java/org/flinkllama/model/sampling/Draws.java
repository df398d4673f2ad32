package org.flinkllama.model.sampling;

/// Random numbers by counter instead of by state: the draw of a position depends on (seed, sequence, position)
/// alone, so that a resumed generation draws what it would have drawn. The mixing is the finaliser of SplitMix64
/// (Steele, Lea and Flood 2014).
public final class Draws {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private Draws() {}

    /// A number in [0, 1), of 53 random bits.
    public static double uniform(long seed, int sequence, int position) {
        long mixed = mix(mix(seed + GOLDEN_GAMMA) + GOLDEN_GAMMA * (1 + sequence));
        return (mix(mixed + GOLDEN_GAMMA * (1 + position)) >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
