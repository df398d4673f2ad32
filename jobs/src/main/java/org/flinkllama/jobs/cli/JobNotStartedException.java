package org.flinkllama.jobs.cli;

/// A job that Flink was to be given can't be started. The message is what the command line would say.
public final class JobNotStartedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobNotStartedException(String message) {
        super(message);
    }
}
