package org.flinkllama.model.kernel;

/// The project's own exponential: e^x = 2^n · e^r with n = round(x / ln 2), and e^r by its Taylor series to r⁷ in
/// Horner form, |r| ≤ ln 2 / 2, where the next term is below half a unit in the last place. Every step is exact by
/// IEEE 754, so that scalar and vector code give the same bits on every machine; `Math.exp` and the vector library
/// don't promise that.
public final class Exponential {
    /// Below this the result is 0: e^x leaves the normal numbers.
    public static final float LOWEST = -87.33654f;

    /// Above this x counts as this: e^x leaves the finite numbers soon after.
    public static final float HIGHEST = 88.02969f;

    public static final float LOG2_E = 1.44269504f;

    /// Added and subtracted, rounds to the nearest integer, ties to even (1.5 · 2²³).
    public static final float ROUNDER = 12582912f;

    /// ln 2 in two parts; the first has trailing zeros, so that n times it is exact.
    public static final float LN2_HIGH = 0.693359375f;

    public static final float LN2_LOW = -2.12194440e-4f;

    public static final float C7 = 1f / 5040;
    public static final float C6 = 1f / 720;
    public static final float C5 = 1f / 120;
    public static final float C4 = 1f / 24;
    public static final float C3 = 1f / 6;
    public static final float C2 = 1f / 2;

    private Exponential() {}

    /// e^x to about one unit in the last place; 0 below [#LOWEST], NaN for NaN.
    public static float of(float x) {
        if (x < LOWEST) {
            return 0;
        }
        float bounded = x > HIGHEST ? HIGHEST : x;
        float n = Math.fma(bounded, LOG2_E, ROUNDER) - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, bounded);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return p * Float.intBitsToFloat(((int) n + 127) << 23);
    }
}
