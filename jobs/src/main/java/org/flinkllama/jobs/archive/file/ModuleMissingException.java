package org.flinkllama.jobs.archive.file;

/// A format whose module is not on the class path.
public final class ModuleMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModuleMissingException(String message) {
        super(message);
    }
}
