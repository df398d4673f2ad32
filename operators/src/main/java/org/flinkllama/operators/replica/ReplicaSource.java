package org.flinkllama.operators.replica;

import java.io.IOException;
import java.io.Serializable;

/// Opens replicas where an operator runs.
public interface ReplicaSource extends Serializable {
    /// A replica that is warm: its model is mapped and has computed a token. The caller closes it.
    ///
    /// @throws IOException where the model's file can't be read
    Replica open() throws IOException;

    /// Requests that a replica computes at once.
    int maxSequences();
}
