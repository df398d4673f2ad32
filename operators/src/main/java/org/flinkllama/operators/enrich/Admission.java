package org.flinkllama.operators.enrich;

/// A document that was taken in and has not left. Its record stays in state meanwhile.
final class Admission {
    private final String documentId;
    private final long number;
    private final Long timestamp;
    private boolean finished;

    /// @param number    order in which the subtask took it in
    /// @param timestamp of its record in the stream; null where it has none
    Admission(String documentId, long number, Long timestamp) {
        this.documentId = documentId;
        this.number = number;
        this.timestamp = timestamp;
    }

    String documentId() {
        return documentId;
    }

    long number() {
        return number;
    }

    Long timestamp() {
        return timestamp;
    }

    boolean finished() {
        return finished;
    }

    void finish() {
        finished = true;
    }
}
