package org.flinkllama.operators.enrich;

import java.io.Serializable;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.operators.replica.ReplicaSource;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.schemas.v1.Enrichment;

/// What an enrichment pipeline does, but for where records come from and go to.
///
/// @param reader    reads the documents in the records
/// @param options   what is asked of each
/// @param replica   opens each subtask's replica
/// @param inference how the operator treats its records
public record EnrichmentPlan(
        DocumentReader reader, EnrichmentOptions options, ReplicaSource replica, InferenceOptions inference)
        implements Serializable {
    /// With twice as many documents in flight as a replica computes requests at once.
    public static EnrichmentPlan of(DocumentReader reader, EnrichmentOptions options, ReplicaSource replica) {
        return new EnrichmentPlan(reader, options, replica, InferenceOptions.of(2 * replica.maxSequences()));
    }

    public EnrichmentPlan withMaxInFlight(int documents) {
        return withInference(inference.withMaxInFlight(documents));
    }

    public EnrichmentPlan withInference(InferenceOptions other) {
        return new EnrichmentPlan(reader, options, replica, other);
    }

    /// The same for the operator.
    InferencePlan<Enrichment> operator() {
        return new InferencePlan<>(new EnrichmentWorkload(reader, options), replica, inference);
    }
}
