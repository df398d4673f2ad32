package org.flinkllama.model.kernel;

/// Writable numbers of the tokens of a step, row-major `[token][width]`. There is memory for `capacity` tokens, more
/// where [#grow(int)] asked for it; [#tokens()] says how many are in use. Belongs to one decoder.
public final class Activations {
    private float[] values;
    private final int width;
    private int capacity;
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

    /// Makes room for this many tokens; all numbers are lost where there was less. Grows by half at least, so that
    /// steps of rising size grow it seldom.
    public void grow(int tokens) {
        if (tokens > capacity) {
            capacity = Math.max(tokens, capacity + capacity / 2);
            values = new float[Math.multiplyExact(capacity, width)];
        }
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
