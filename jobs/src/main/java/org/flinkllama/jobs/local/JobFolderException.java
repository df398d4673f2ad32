package org.flinkllama.jobs.local;

/// The folder of a job can't be used: another process has it, or it can't be written.
public final class JobFolderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JobFolderException(String message) {
        super(message);
    }

    public JobFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
