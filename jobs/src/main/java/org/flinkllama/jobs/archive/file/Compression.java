package org.flinkllama.jobs.archive.file;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// How a file is compressed as a whole, by the end of its name.
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst");

    private static final int BUFFER_BYTES = 1 << 16;

    private final String extension;

    Compression(String extension) {
        this.extension = extension;
    }

    public static Compression ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(GZIP.extension) ? GZIP : lower.endsWith(ZSTD.extension) ? ZSTD : NONE;
    }

    /// The name without the compression's extension.
    String plainName(String name) {
        return name.substring(0, name.length() - extension.length());
    }

    /// What the bytes were before they were compressed. Several members or frames behind each other are one text.
    public InputStream open(InputStream compressed) throws IOException {
        return switch (this) {
            case NONE -> compressed;
            case GZIP -> new GZIPInputStream(compressed, BUFFER_BYTES);
            case ZSTD -> new BufferedInputStream(new ZstdInputStream(compressed), BUFFER_BYTES);
        };
    }
}
