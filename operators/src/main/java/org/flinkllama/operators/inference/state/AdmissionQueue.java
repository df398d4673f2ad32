package org.flinkllama.operators.inference.state;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/// Keeps the order that an operator owes its successors: records start in the order they came, those of one key
/// one after the other, and what passes through the stream between records, such as a watermark, is forwarded
/// only when every record before it has left.
///
/// Belongs to the task thread.
public final class AdmissionQueue {
    private final Deque<Entry> order = new ArrayDeque<>();
    private final PriorityQueue<Ranked> startable = new PriorityQueue<>(Comparator.comparingLong(Ranked::rank));
    private final Map<String, Deque<Ranked>> byKey = new HashMap<>();
    private final Set<Admission> left = new HashSet<>(); // of those in `order`
    private long admitted;
    private int open;

    /// @param rank order in which the queue took it in; the oldest that may start does
    private record Ranked(long rank, Admission admission) {}

    private sealed interface Entry {
        record Admitted(Admission admission) implements Entry {}

        record Passing(Forward forward) implements Entry {}
    }

    /// Sends something on that is no record.
    @FunctionalInterface
    public interface Forward {
        void run() throws Exception;
    }

    /// Records that were admitted and have not left.
    public int open() {
        return open;
    }

    public void admit(Admission admission) {
        open++;
        order.add(new Entry.Admitted(admission));
        Ranked ranked = new Ranked(admitted++, admission);
        Deque<Ranked> sameKey = byKey.computeIfAbsent(admission.key(), key -> new ArrayDeque<>(1));
        sameKey.add(ranked);
        if (sameKey.size() == 1) {
            startable.add(ranked);
        }
    }

    /// Takes the next record that may start; empty where each one waits for another of its key.
    public Optional<Admission> start() {
        return Optional.ofNullable(startable.poll()).map(Ranked::admission);
    }

    /// Takes this record, which may start, before it is its turn.
    public void start(Admission admission) {
        startable.removeIf(ranked -> ranked.admission().equals(admission));
    }

    /// The record before all others that have not left; empty where there is none.
    public Optional<Admission> first() {
        return order.peek() instanceof Entry.Admitted(Admission admission) ? Optional.of(admission) : Optional.empty();
    }

    /// Lets a record leave, and what passes behind it where nothing else is before that.
    public void leave(Admission admission) throws Exception {
        open--;
        left.add(admission);
        Deque<Ranked> sameKey = byKey.get(admission.key());
        sameKey.remove();
        if (sameKey.isEmpty()) {
            byKey.remove(admission.key());
        } else {
            startable.add(sameKey.element());
        }
        forward();
    }

    /// Forwards behind every record admitted so far.
    public void pass(Forward forward) throws Exception {
        order.add(new Entry.Passing(forward));
        forward();
    }

    private void forward() throws Exception {
        while (!order.isEmpty()) {
            switch (order.element()) {
                case Entry.Admitted(Admission admission) -> {
                    if (!left.remove(admission)) {
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
