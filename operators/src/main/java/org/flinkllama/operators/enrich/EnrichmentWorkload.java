package org.flinkllama.operators.enrich;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.util.FlinkRuntimeException;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.registry.RegistryException;
import org.flinkllama.operators.inference.plan.Worker;
import org.flinkllama.operators.inference.plan.Workload;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.task.DocumentEnrichment;
import org.flinkllama.operators.task.DocumentRules;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Documents to enrichments; keeps nothing of a document that has left.
record EnrichmentWorkload(DocumentReader reader, EnrichmentOptions options) implements Workload<Enrichment> {
    @Override
    public Worker<Enrichment> open(ModelCard card, KeyedStateStore state) {
        TaskModel model = Models.taskModel(card, options.prompting());
        reader.prepare();
        return record -> {
            // Read again: the options may be others than when the record was taken in.
            Document document = read(record);
            DocumentRules.check(document, options.maxDocumentCharacters());
            return new EnrichmentWork(document.getTenant(), new DocumentEnrichment(model, options, document, record));
        };
    }

    /// No fault of the record leaves as one: a registry that is down fails the task, not the document.
    private Document read(InputRecord record) throws RecordRejectedException {
        try {
            return reader.read(record);
        } catch (RegistryException e) {
            throw new FlinkRuntimeException(e.getMessage(), e);
        }
    }
}
