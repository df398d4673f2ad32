package org.flinkllama.jobs.local;

/// A job ended by a failure. The message is that of its root cause.
public final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JobFailedException(Throwable cause) {
        super(sentence(cause), cause);
    }

    private static String sentence(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null || root.getMessage().isBlank()
                ? root.getClass().getName()
                : root.getMessage().lines().findFirst().orElseThrow();
        return "The job failed: " + message;
    }
}
