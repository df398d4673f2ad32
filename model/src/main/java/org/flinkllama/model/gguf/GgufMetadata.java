package org.flinkllama.model.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The key-value section of a model file. Values are `Boolean`, `Long` (every integer type; unsigned 64-bit values
/// above `Long.MAX_VALUE` are refused by the reader), `Double` (both float types), `String`, and arrays of them:
/// `boolean[]`, `long[]`, `double[]`, `String[]`. Immutable.
public final class GgufMetadata {
    private final Map<String, Object> values;

    public GgufMetadata(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// All keys, in the order of the file.
    public Set<String> keys() {
        return values.keySet();
    }

    /// The value as the file has it, for people to read.
    public Optional<Object> raw(String key) {
        return Optional.ofNullable(values.get(key));
    }

    public Optional<String> string(String key) {
        return value(key, String.class, "a string");
    }

    public Optional<Boolean> bool(String key) {
        return value(key, Boolean.class, "a boolean");
    }

    public Optional<Double> decimal(String key) {
        return value(key, Double.class, "a float");
    }

    /// An integer between 0 and `Integer.MAX_VALUE`. The value 4294967295, by which some writers say "none", counts
    /// as absent.
    public Optional<Integer> count(String key) {
        Optional<Long> value = value(key, Long.class, "an integer").filter(number -> number != 0xFFFF_FFFFL);
        value.filter(number -> number < 0 || number > Integer.MAX_VALUE).ifPresent(number -> {
            throw new GgufException(
                    "Metadata '" + key + "' is " + number + "; expected 0 to " + Integer.MAX_VALUE + ".");
        });
        return value.map(Long::intValue);
    }

    public Optional<String[]> strings(String key) {
        return value(key, String[].class, "an array of strings").map(String[]::clone);
    }

    public Optional<long[]> integers(String key) {
        return value(key, long[].class, "an array of integers").map(long[]::clone);
    }

    public Optional<double[]> decimals(String key) {
        return value(key, double[].class, "an array of floats").map(double[]::clone);
    }

    /// The value of a key that a model can't do without.
    public static <T> T required(String key, Optional<T> value) {
        return value.orElseThrow(() -> new GgufException(
                "Metadata '" + key + "' is missing. The file is incomplete; convert or download it again."));
    }

    private <T> Optional<T> value(String key, Class<T> type, String expected) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new GgufException(
                    "Metadata '" + key + "' is a " + value.getClass().getSimpleName() + "; expected " + expected + ".");
        }
        return Optional.of(type.cast(value));
    }
}
