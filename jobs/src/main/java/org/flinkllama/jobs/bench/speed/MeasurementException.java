package org.flinkllama.jobs.bench.speed;

/// What was to be measured could not be done.
public final class MeasurementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MeasurementException(String message) {
        super(message);
    }
}
