package org.flinkllama.operators.inference.plan;

import java.io.Serializable;
import org.flinkllama.operators.replica.ReplicaSource;

/// Everything that an inference operator needs to know.
///
/// @param replica opens each subtask's replica
/// @param <T>     what goes out
public record InferencePlan<T>(Workload<T> workload, ReplicaSource replica, InferenceOptions options)
        implements Serializable {}
