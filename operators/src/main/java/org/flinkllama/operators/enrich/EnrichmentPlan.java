package org.flinkllama.operators.enrich;

import java.io.Serializable;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.replica.ReplicaSource;
import org.flinkllama.operators.task.EnrichmentOptions;

/// What an enrichment pipeline does, but for where records come from and go to.
///
/// @param reader      reads the documents in the records
/// @param options     what is asked of each
/// @param replica     opens each subtask's replica
/// @param maxInFlight documents that a subtask works on at once; further ones wait in state
public record EnrichmentPlan(DocumentReader reader, EnrichmentOptions options, ReplicaSource replica, int maxInFlight)
        implements Serializable {
    public EnrichmentPlan {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "Option 'max-in-flight' is " + maxInFlight + "; expected 1 or more documents.");
        }
    }

    /// With twice as many documents in flight as a replica computes requests at once.
    public static EnrichmentPlan of(DocumentReader reader, EnrichmentOptions options, ReplicaSource replica) {
        return new EnrichmentPlan(reader, options, replica, 2 * replica.maxSequences());
    }

    public EnrichmentPlan withMaxInFlight(int documents) {
        return new EnrichmentPlan(reader, options, replica, documents);
    }
}
