package org.flinkllama.model.kernel;

/// Writable numbers of the tokens of a step, row-major `[token][width]`. Memory for `capacity` tokens is reserved once;
/// [#tokens()] says how many are in use. Belongs to one decoder.
public final class Activations {
    private final float[] values;
    private final int width;
    private final int capacity;
    private int tokens;

    public Activations(int capacity, int width) {
        this.values = new float[Math.multiplyExact(capacity, width)];
        this.width = width;
        this.capacity = capacity;
    }

    /// The numbers themselves, for kernels.
    public float[] values() {
        return values;
    }

    /// Numbers of one token.
    public int width() {
        return width;
    }

    /// Tokens in use.
    public int tokens() {
        return tokens;
    }

    /// Index of a token's first number.
    public int offset(int token) {
        return token * width;
    }

    /// Takes this many tokens into use; their numbers are whatever was there.
    public void use(int tokens) {
        if (tokens < 0 || tokens > capacity) {
            throw new IllegalArgumentException(
                    "A step of " + tokens + " tokens was asked for; this decoder was opened for " + capacity + ".");
        }
        this.tokens = tokens;
    }
}
