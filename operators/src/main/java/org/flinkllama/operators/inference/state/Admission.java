package org.flinkllama.operators.inference.state;

/// A record that was taken in and has not left. The record itself stays in state meanwhile.
///
/// @param number    order in which the subtask took it in; no two of one key have the same
/// @param timestamp of its record in the stream; null where it has none
public record Admission(String key, long number, Long timestamp) {}
