package org.flinkllama.jobs.kafka;

/// Kafka can't be used as asked: nothing answers, a topic is missing, a property is refused.
public final class KafkaEndpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KafkaEndpointException(String message) {
        super(message);
    }

    public KafkaEndpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
