package org.flinkllama.model.kernel;

/// Cuts a range into contiguous parts of nearly equal size.
public final class Slices {
    /// Rows that kernels compute as one block, at most: parts begin at multiples of it.
    private static final int ROW_BLOCK = 16;

    private Slices() {}

    /// First index of a part of `count`.
    public static int first(int count, int part, int parts) {
        return (int) first((long) count, part, parts);
    }

    /// First index of a part of `count`, as a long.
    public static long first(long count, int part, int parts) {
        return count * part / parts;
    }

    /// Index behind the last of a part of `count`.
    public static int end(int count, int part, int parts) {
        return first(count, part + 1, parts);
    }

    /// Index behind the last of a part of `count`, as a long.
    public static long end(long count, int part, int parts) {
        return first(count, part + 1, parts);
    }

    /// First row of a part of `rows`, at the beginning of a block of rows.
    public static int firstRow(int rows, int part, int parts) {
        return part == parts ? rows : first(rows / ROW_BLOCK, part, parts) * ROW_BLOCK;
    }

    /// Row behind the last of a part of `rows`.
    public static int endRow(int rows, int part, int parts) {
        return firstRow(rows, part + 1, parts);
    }
}
