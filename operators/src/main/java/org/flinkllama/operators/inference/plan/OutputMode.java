package org.flinkllama.operators.inference.plan;

/// In which order outputs leave. Those of one key always keep the order of its records.
public enum OutputMode {
    /// As soon as they are ready.
    ALLOW_UNORDERED,
    /// In the order in which the subtask took the records in.
    ORDERED
}
