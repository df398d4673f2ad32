package org.flinkllama.operators.inference.plan;

import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;

/// A workload in one subtask. Belongs to the task thread.
///
/// @param <T> what goes out
@FunctionalInterface
public interface Worker<T> {
    /// Begins work on a record. Its key is set. Of one key, one record is worked on at a time, in their order. After
    /// a restart, work that had not ended begins again.
    ///
    /// @throws RecordRejectedException where nothing can be asked for the record, which becomes a dead letter
    Work<T> begin(InputRecord record) throws Exception;
}
