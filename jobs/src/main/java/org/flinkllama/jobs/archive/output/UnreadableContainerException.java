package org.flinkllama.jobs.archive.output;

/// A container that is not what it should be. The message is short words for it, such as 'no field x'.
public final class UnreadableContainerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableContainerException(String found, Throwable cause) {
        super(found, cause);
    }
}
