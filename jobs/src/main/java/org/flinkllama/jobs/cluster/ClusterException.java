package org.flinkllama.jobs.cluster;

/// The cluster can't do what was asked: a process did not start, or Flink refused.
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
