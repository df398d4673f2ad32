package org.flinkllama.jobs.cli;

import org.apache.flink.client.program.ProgramParametrizationException;

/// A job that Flink was to be given can't be started. The message is what the command line would say, and Flink's
/// client prints it alone.
public final class JobNotStartedException extends ProgramParametrizationException {
    private static final long serialVersionUID = 1L;

    JobNotStartedException(String message) {
        super(message);
    }
}
