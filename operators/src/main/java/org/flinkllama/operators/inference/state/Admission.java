package org.flinkllama.operators.inference.state;

import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/// A record that was taken in and has not left. The record itself stays in state meanwhile.
///
/// @param number    order in which the subtask took it in; no two of one key have the same
/// @param timestamp of its record in the stream; null where it has none
public record Admission(String key, long number, Long timestamp) {
    public static Admission of(String key, long number, StreamRecord<?> element) {
        return new Admission(key, number, element.hasTimestamp() ? element.getTimestamp() : null);
    }

    /// What comes of the record, with its timestamp.
    public <T> StreamRecord<T> stamped(T value) {
        return timestamp == null ? new StreamRecord<>(value) : new StreamRecord<>(value, timestamp);
    }
}
