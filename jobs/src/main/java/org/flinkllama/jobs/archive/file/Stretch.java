package org.flinkllama.jobs.archive.file;

import java.io.Serializable;

/// Bytes of a file that hold whole records.
///
/// @param offset      of the first byte, as the file is stored
/// @param length      in bytes; [#WHOLE] for all of a file whatever its length
/// @param firstNumber number of the first line or record
public record Stretch(long offset, long length, long firstNumber) implements Serializable {
    public static final long WHOLE = -1;

    /// All of a file.
    public static Stretch whole() {
        return new Stretch(0, WHOLE, 1);
    }

    /// Whether this is all of a file.
    public boolean isWhole() {
        return length == WHOLE;
    }
}
