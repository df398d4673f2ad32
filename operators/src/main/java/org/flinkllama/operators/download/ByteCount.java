package org.flinkllama.operators.download;

/// Bytes for people to read.
public final class ByteCount {
    private ByteCount() {}

    public static String text(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        if (bytes < 10_000_000) {
            return "%,.1f kB".formatted(bytes / 1e3);
        }
        return bytes < 10_000_000_000L ? "%,.1f MB".formatted(bytes / 1e6) : "%,.2f GB".formatted(bytes / 1e9);
    }
}
