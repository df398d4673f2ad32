package org.flinkllama.operators.enrich;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.inference.plan.Worker;
import org.flinkllama.operators.inference.plan.Workload;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.task.DocumentEnrichment;
import org.flinkllama.operators.task.DocumentRules;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;

/// Documents to enrichments; keeps nothing of a document that has left.
record EnrichmentWorkload(DocumentReader reader, EnrichmentOptions options) implements Workload<Enrichment> {
    @Override
    public Worker<Enrichment> open(ModelCard card, KeyedStateStore state) {
        TaskModel model = Models.taskModel(card, options.prompting());
        return record -> {
            // Read again: the options may be others than when the record was taken in.
            Document document = reader.read(record);
            DocumentRules.check(document, options.maxDocumentCharacters());
            return new EnrichmentWork(document.getTenant(), new DocumentEnrichment(model, options, document, record));
        };
    }
}
