package org.flinkllama.operators.enrich;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.task.DocumentEnrichment;
import org.flinkllama.schemas.v1.Enrichment;

/// One document's way to its enrichment, which is its only output.
final class EnrichmentWork implements Work<Enrichment> {
    private final String scope;
    private final DocumentEnrichment enrichment;
    private final List<Enrichment> ready = new ArrayList<>();
    private End end; // null while it goes on

    /// @param tenant owner of the document; null where it has none
    EnrichmentWork(String tenant, DocumentEnrichment enrichment) {
        this.scope = tenant == null ? "no tenant" : "tenant " + tenant;
        this.enrichment = enrichment;
        endWhereDone();
    }

    @Override
    public List<Inquiry> inquiries() {
        return scoped(enrichment.inquiries());
    }

    @Override
    public List<Inquiry> outcome(String id, Outcome outcome) {
        List<Inquiry> further = scoped(enrichment.outcome(id, outcome));
        endWhereDone();
        return further;
    }

    @Override
    public List<Enrichment> drain() {
        List<Enrichment> taken = List.copyOf(ready);
        ready.clear();
        return taken;
    }

    @Override
    public Optional<End> end() {
        return Optional.ofNullable(end);
    }

    private List<Inquiry> scoped(List<DocumentEnrichment.Inquiry> inquiries) {
        return inquiries.stream()
                .map(inquiry -> new Inquiry(inquiry.id(), scope, inquiry.request()))
                .toList();
    }

    private void endWhereDone() {
        if (!enrichment.ended()) {
            return;
        }
        switch (enrichment.end()) {
            case DocumentEnrichment.End.Enriched(Enrichment result) -> {
                ready.add(result);
                end = new End.Done();
            }
            case DocumentEnrichment.End.Rejected(Rejection rejection) -> end = new End.Rejected(rejection);
        }
    }
}
