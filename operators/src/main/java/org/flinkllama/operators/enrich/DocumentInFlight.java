package org.flinkllama.operators.enrich;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.task.DocumentEnrichment;
import org.flinkllama.operators.task.DocumentEnrichment.Inquiry;
import org.flinkllama.schemas.v1.InputRecord;

/// A document that is worked on. It has a limited number of requests with the replica at a time, so that a long
/// document lets its neighbours have their turn.
///
/// Belongs to the task thread.
final class DocumentInFlight {
    private final Admission admission;
    private final InputRecord record;
    private final DocumentEnrichment enrichment;
    private final int window;
    private final Deque<Inquiry> unsent = new ArrayDeque<>();
    private int sent;

    /// @param window requests with the replica at a time
    DocumentInFlight(Admission admission, InputRecord record, DocumentEnrichment enrichment, int window) {
        this.admission = admission;
        this.record = record;
        this.enrichment = enrichment;
        this.window = window;
        unsent.addAll(enrichment.inquiries());
    }

    Admission admission() {
        return admission;
    }

    InputRecord record() {
        return record;
    }

    DocumentEnrichment enrichment() {
        return enrichment;
    }

    /// Sends as many requests as there is room for.
    void send(Consumer<Inquiry> replica) {
        while (sent < window && !unsent.isEmpty()) {
            sent++;
            replica.accept(unsent.remove());
        }
    }

    /// Takes an outcome in.
    void outcome(int number, Outcome outcome) {
        sent--;
        List<Inquiry> further = enrichment.outcome(number, outcome);
        unsent.addAll(further);
    }
}
