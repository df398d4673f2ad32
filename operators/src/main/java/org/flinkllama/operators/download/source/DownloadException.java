package org.flinkllama.operators.download.source;

/// A file can't be had.
public final class DownloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private DownloadException(String message, Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /// Trying again would not help.
    public DownloadException(String message) {
        this(message, null, false);
    }

    public DownloadException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /// The file may be had later, with nothing changed here.
    public static DownloadException passing(String message) {
        return new DownloadException(message, null, true);
    }

    /// Whether the file may be had later, with nothing changed here.
    public boolean isPassing() {
        return passing;
    }
}
