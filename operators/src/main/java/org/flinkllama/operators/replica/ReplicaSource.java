package org.flinkllama.operators.replica;

import java.io.IOException;
import java.io.Serializable;

/// Opens replicas where an operator runs.
public interface ReplicaSource extends Serializable {
    /// A replica that is warm: its model is mapped and has computed a token. The caller closes it. May take long where
    /// the model's file is fetched, and can be interrupted then.
    ///
    /// @param files finds the model's file on this machine
    /// @throws ReplicaException where opening it again here would not help
    /// @throws IOException      where the model's file can't be had or read now
    Replica open(ModelFiles files) throws IOException, InterruptedException;

    /// Requests that a replica computes at once.
    int maxSequences();
}
