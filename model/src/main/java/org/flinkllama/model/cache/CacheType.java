package org.flinkllama.model.cache;

import java.util.Arrays;
import java.util.Locale;
import org.flinkllama.model.kernel.CachePage;

/// How a number of the cache of keys and values is stored. F16 takes half the memory and changes results a little:
/// keys and values are rounded to the nearest number of 16 bits, ties to even.
public enum CacheType {
    F32(Float.BYTES),
    F16(Short.BYTES);

    private final int bytes;

    CacheType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of a number.
    public int bytes() {
        return bytes;
    }

    /// The name in options: `f32`, `f16`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The type of this name in options.
    public static CacheType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Option 'cache-type' is '" + name + "'; expected one of " + Arrays.toString(values()) + "."));
    }

    /// A page of zeros.
    ///
    /// @param layers  of the decoder
    /// @param numbers of a layer
    public CachePage newPage(int layers, int numbers) {
        return switch (this) {
            case F32 -> new CachePage.Floats(new float[layers][numbers]);
            case F16 -> new CachePage.Halves(new short[layers][numbers]);
        };
    }
}
