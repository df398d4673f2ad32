package org.flinkllama.model.gguf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parses what comes before the weights: file header, key-value section, tensor directory
/// (github.com/ggml-org/ggml/blob/master/docs/gguf.md). Checks each claim of the file against the bytes that are
/// left before it reserves memory.
final class HeaderReader {
    /// One line of the tensor directory, not yet checked against the file's data section.
    ///
    /// @param offset from the start of the data section; unsigned
    record Entry(String name, int type, long[] dimensions, long offset) {}

    static final int MAGIC = 0x46554747; // "GGUF", first byte lowest
    private static final int LONGEST_KEY = 1 << 16;
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_STRING = 4 << 20;
    /// Of all metadata together, keys and array elements counted alike. Real files have up to about two million.
    private static final int MOST_VALUES = 6_000_000;

    private static final int LARGEST_DIMENSIONS = 4;
    private static final int SMALLEST_KEY_VALUE = 8 + 4 + 1;
    private static final int SMALLEST_ENTRY = 8 + 4 + 8 + 4 + 8;

    static final int UINT8 = 0;
    static final int INT8 = 1;
    static final int UINT16 = 2;
    static final int INT16 = 3;
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;
    static final int INT64 = 11;
    static final int FLOAT64 = 12;

    private final HeaderCursor cursor;
    private final long tensorCount;
    private final long keyCount;
    private long values;

    /// Reads and checks the file header; [#metadata()] and [#directory()] follow in this order.
    HeaderReader(HeaderCursor cursor) {
        this.cursor = cursor;
        checkMagic();
        checkVersion();
        this.tensorCount = cursor.count("tensors", SMALLEST_ENTRY);
        this.keyCount = cursor.count("metadata keys", SMALLEST_KEY_VALUE);
    }

    private void checkMagic() {
        int magic = cursor.int32("the file header");
        if (magic != MAGIC) {
            String hint = magic == 0x73726576 // "vers"
                    ? " It looks like a Git LFS pointer; fetch the file itself with 'git lfs pull'."
                    : " Give a model file in GGUF format.";
            throw new GgufException("%s starts with bytes %08x; expected 47475546 ('GGUF').%s"
                    .formatted(cursor.file(), Integer.reverseBytes(magic), hint));
        }
    }

    private void checkVersion() {
        int version = cursor.int32("the file header");
        if (version != 0 && (version & 0xFFFF) == 0) {
            throw new GgufException(cursor.file() + " is a big-endian GGUF file (version "
                    + Integer.reverseBytes(version)
                    + "); expected little-endian. Convert the model again without the big-endian option.");
        }
        if (version != 2 && version != 3) {
            throw new GgufException(cursor.file() + " has GGUF version " + Integer.toUnsignedString(version)
                    + "; supported: 2 and 3. Convert the model again with a current converter.");
        }
    }

    GgufMetadata metadata() {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (long index = 0; index < keyCount; index++) {
            String key = cursor.string("metadata key " + (index + 1) + " of " + keyCount, LONGEST_KEY);
            String what = "metadata " + HeaderCursor.quote(key);
            spend(1, what);
            Object value = value(cursor.int32("the type of " + what), what);
            if (entries.putIfAbsent(key, value) != null) {
                throw new GgufException(cursor.file() + " has " + what + " twice; expected each key once."
                        + " The file is damaged; download or convert it again.");
            }
        }
        return new GgufMetadata(entries);
    }

    List<Entry> directory() {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (long index = 0; index < tensorCount; index++) {
            Entry entry = entry("the name of tensor " + (index + 1) + " of " + tensorCount);
            if (!names.add(entry.name())) {
                throw new GgufException(cursor.file() + " has tensor " + HeaderCursor.quote(entry.name())
                        + " twice; expected each name once. The file is damaged; download or convert it again.");
            }
            entries.add(entry);
        }
        return entries;
    }

    private Entry entry(String which) {
        String name = cursor.string(which, LONGEST_NAME);
        String what = "tensor " + HeaderCursor.quote(name);
        int dimensionCount = cursor.int32("the number of dimensions of " + what);
        if (dimensionCount < 1 || dimensionCount > LARGEST_DIMENSIONS) {
            throw new GgufException(cursor.file() + " gives " + what + " "
                    + Integer.toUnsignedString(dimensionCount) + " dimensions; expected 1 to " + LARGEST_DIMENSIONS
                    + ". The file is damaged; download or convert it again.");
        }
        long[] dimensions = new long[dimensionCount];
        for (int dimension = 0; dimension < dimensionCount; dimension++) {
            dimensions[dimension] = cursor.int64("the dimensions of " + what);
        }
        int type = cursor.int32("the type of " + what);
        return new Entry(name, type, dimensions, cursor.int64("the offset of " + what));
    }

    private Object value(int type, String what) {
        return switch (type) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> integer(type, what);
            case FLOAT32, FLOAT64 -> decimal(type, what);
            case BOOL -> bool(what);
            case STRING -> cursor.string(what, LONGEST_STRING);
            case ARRAY -> array(what);
            default -> throw unknownType(type, what);
        };
    }

    private Object array(String what) {
        int type = cursor.int32("the element type of " + what);
        if (type == ARRAY) {
            throw new GgufException(cursor.file() + " has an array of arrays as " + what
                    + "; expected an array of numbers, booleans or strings. Remove the key.");
        }
        int count = Math.toIntExact(spend(cursor.count("elements of " + what, smallest(type, what)), what));
        return switch (type) {
            case BOOL -> {
                boolean[] array = new boolean[count];
                for (int index = 0; index < count; index++) {
                    array[index] = bool(what);
                }
                yield array;
            }
            case STRING -> {
                String[] array = new String[count];
                for (int index = 0; index < count; index++) {
                    array[index] = cursor.string(what, LONGEST_STRING);
                }
                yield array;
            }
            case FLOAT32, FLOAT64 -> {
                double[] array = new double[count];
                for (int index = 0; index < count; index++) {
                    array[index] = decimal(type, what);
                }
                yield array;
            }
            default -> {
                long[] array = new long[count];
                for (int index = 0; index < count; index++) {
                    array[index] = integer(type, what);
                }
                yield array;
            }
        };
    }

    /// Fewest bytes that a value of a type takes in the file.
    private int smallest(int type, String what) {
        return switch (type) {
            case UINT8, INT8, BOOL -> 1;
            case UINT16, INT16 -> 2;
            case UINT32, INT32, FLOAT32 -> 4;
            case UINT64, INT64, FLOAT64, STRING -> 8;
            default -> throw unknownType(type, what);
        };
    }

    private long integer(int type, String what) {
        return switch (type) {
            case UINT8 -> cursor.int8(what) & 0xFFL;
            case INT8 -> cursor.int8(what);
            case UINT16 -> cursor.int16(what) & 0xFFFFL;
            case INT16 -> cursor.int16(what);
            case UINT32 -> cursor.int32(what) & 0xFFFF_FFFFL;
            case INT32 -> cursor.int32(what);
            case INT64 -> cursor.int64(what);
            default -> {
                long value = cursor.int64(what);
                if (value < 0) {
                    throw new GgufException(cursor.file() + " has " + Long.toUnsignedString(value) + " in " + what
                            + "; expected at most " + Long.MAX_VALUE + ". Remove the key or convert the model again.");
                }
                yield value;
            }
        };
    }

    private double decimal(int type, String what) {
        return type == FLOAT32 ? Float.intBitsToFloat(cursor.int32(what)) : Double.longBitsToDouble(cursor.int64(what));
    }

    private boolean bool(String what) {
        byte value = cursor.int8(what);
        if (value != 0 && value != 1) {
            throw new GgufException(cursor.file() + " has byte " + (value & 0xFF) + " as a boolean in " + what
                    + "; expected 0 or 1. The file is damaged; download or convert it again.");
        }
        return value == 1;
    }

    private long spend(long count, String what) {
        values += count;
        if (values > MOST_VALUES) {
            throw new GgufException(cursor.file() + " has more than " + MOST_VALUES + " metadata values by " + what
                    + ", which has " + count + "; no known model needs as many. Remove the key.");
        }
        return count;
    }

    private GgufException unknownType(int type, String what) {
        return new GgufException(cursor.file() + " gives " + what + " the value type "
                + Integer.toUnsignedString(type) + "; expected 0 to 12."
                + " The file is damaged; download or convert it again.");
    }
}
