package org.flinkllama.operators.format.registry;

/// The registry does not answer, or not as it should. No fault of a record: what was to be read or written is not
/// done, and must be tried again.
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message) {
        super(message);
    }

    RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
