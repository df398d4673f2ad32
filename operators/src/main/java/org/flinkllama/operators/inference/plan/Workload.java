package org.flinkllama.operators.inference.plan;

import java.io.Serializable;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.flinkllama.operators.replica.ModelCard;

/// What an operator does with its records, as the job's plan has it.
///
/// @param <T> what goes out
public interface Workload<T> extends Serializable {
    /// Called once in each subtask, before its first record.
    ///
    /// @param model the replica's
    /// @param state where the worker may have state of its own; usable while a key is set, as [Worker] says
    Worker<T> open(ModelCard model, KeyedStateStore state) throws Exception;
}
