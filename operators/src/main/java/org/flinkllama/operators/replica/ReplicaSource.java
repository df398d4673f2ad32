package org.flinkllama.operators.replica;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;

/// Opens replicas where an operator runs.
public interface ReplicaSource extends Serializable {
    /// A replica that is warm: its model is mapped and has computed a token. The caller closes it. May take long where
    /// the model's file is fetched, and can be interrupted then.
    ///
    /// @param files finds the model's file on this machine
    /// @param stay  until whose end the model stays open for the next replica
    /// @throws ReplicaException where opening it again here would not help
    /// @throws IOException      where the model's file can't be had or read now
    Replica open(ModelFiles files, Stay stay) throws IOException, InterruptedException;

    /// Requests that a replica computes at once.
    int maxSequences();

    /// A time in which replicas come and go in this process, such as a job's on a TaskManager.
    ///
    /// @param name  the same for all who ask in that time, such as the subtasks of a job, and for no other time
    /// @param atEnd takes what shall be done at the end; given more under the name, it may keep the first alone
    record Stay(String name, Consumer<Runnable> atEnd) {
        /// Over at once: a model is closed with the last replica.
        public static final Stay NONE = new Stay("", Runnable::run);
    }
}
