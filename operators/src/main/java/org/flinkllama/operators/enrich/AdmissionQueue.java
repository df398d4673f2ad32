package org.flinkllama.operators.enrich;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// Keeps the order that an operator owes its successors: documents start in the order they came, those of one id
/// one after the other, and what passes through the stream between documents, such as a watermark, is forwarded
/// only when every document before it has left.
///
/// Belongs to the task thread.
final class AdmissionQueue {
    private final Deque<Entry> order = new ArrayDeque<>();
    private final PriorityQueue<Ranked> startable = new PriorityQueue<>(Comparator.comparingLong(Ranked::rank));
    private final Map<String, Deque<Ranked>> byDocument = new HashMap<>();
    private long admitted;
    private int open;

    /// @param rank order in which the queue took it in; the oldest that may start does
    private record Ranked(long rank, Admission admission) {}

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
        Ranked ranked = new Ranked(admitted++, admission);
        Deque<Ranked> sameDocument = byDocument.computeIfAbsent(admission.documentId(), id -> new ArrayDeque<>(1));
        sameDocument.add(ranked);
        if (sameDocument.size() == 1) {
            startable.add(ranked);
        }
    }

    /// Takes the next document that may start; empty where each one waits for another of its id.
    Optional<Admission> start() {
        return Optional.ofNullable(startable.poll()).map(Ranked::admission);
    }

    /// Lets a document leave, and what passes behind it where nothing else is before that.
    void finish(Admission admission) throws Exception {
        open--;
        admission.finish();
        Deque<Ranked> sameDocument = byDocument.get(admission.documentId());
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
