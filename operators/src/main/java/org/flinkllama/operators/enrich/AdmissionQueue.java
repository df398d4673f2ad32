package org.flinkllama.operators.enrich;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps the order that an operator owes its successors: documents of one id start one after the other, and what
/// passes through the stream between documents, such as a watermark, is forwarded only when every document before it
/// has left.
///
/// Belongs to the task thread.
final class AdmissionQueue {
    private final Deque<Entry> order = new ArrayDeque<>();
    private final Deque<Admission> startable = new ArrayDeque<>();
    private final Map<String, Deque<Admission>> byDocument = new HashMap<>();
    private int open;

    private sealed interface Entry {
        record Document(Admission admission) implements Entry {}

        record Passing(Forward forward) implements Entry {}
    }

    /// Sends something on that is no document.
    @FunctionalInterface
    interface Forward {
        void run() throws Exception;
    }

    /// Documents that were admitted and have not left.
    int open() {
        return open;
    }

    void admit(Admission admission) {
        open++;
        order.add(new Entry.Document(admission));
        Deque<Admission> sameDocument = byDocument.computeIfAbsent(admission.documentId(), id -> new ArrayDeque<>(1));
        sameDocument.add(admission);
        if (sameDocument.size() == 1) {
            startable.add(admission);
        }
    }

    /// Takes the next document that may start; empty where each one waits for another of its id.
    Optional<Admission> start() {
        return Optional.ofNullable(startable.poll());
    }

    /// Lets a document leave, and what passes behind it where nothing else is before that.
    void finish(Admission admission) throws Exception {
        open--;
        admission.finish();
        Deque<Admission> sameDocument = byDocument.get(admission.documentId());
        sameDocument.remove();
        if (sameDocument.isEmpty()) {
            byDocument.remove(admission.documentId());
        } else {
            startable.add(sameDocument.element());
        }
        forward();
    }

    /// Forwards behind every document admitted so far.
    void pass(Forward forward) throws Exception {
        order.add(new Entry.Passing(forward));
        forward();
    }

    private void forward() throws Exception {
        while (!order.isEmpty()) {
            switch (order.element()) {
                case Entry.Document(Admission admission) -> {
                    if (!admission.finished()) {
                        return;
                    }
                    order.remove();
                }
                case Entry.Passing(Forward forward) -> {
                    order.remove();
                    forward.run();
                }
            }
        }
    }
}
