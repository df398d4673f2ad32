package org.flinkllama.operators.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.inference.state.Admission;
import org.flinkllama.schemas.v1.InputRecord;

/// A record that is worked on. It has a limited number of requests with the replica at a time, so that a long
/// document lets its neighbours have their turn.
///
/// Belongs to the task thread.
final class RecordInFlight<T> {
    private final Admission admission;
    private final InputRecord record;
    private final Work<T> work;
    private final int window;
    private final Deque<Inquiry> unsent = new ArrayDeque<>();
    private final List<T> ready = new ArrayList<>();
    private int sent;

    /// @param window requests with the replica at a time
    RecordInFlight(Admission admission, InputRecord record, Work<T> work, int window) {
        this.admission = admission;
        this.record = record;
        this.work = work;
        this.window = window;
        unsent.addAll(work.inquiries());
        ready.addAll(work.drain());
    }

    Admission admission() {
        return admission;
    }

    InputRecord record() {
        return record;
    }

    Work<T> work() {
        return work;
    }

    Optional<Work.End> end() {
        return work.end();
    }

    /// Takes out the outputs that can be sent on.
    List<T> ready() {
        List<T> outputs = List.copyOf(ready);
        ready.clear();
        return outputs;
    }

    /// Sends as many requests as there is room for.
    void send(Consumer<Inquiry> replica) {
        while (sent < window && !unsent.isEmpty()) {
            sent++;
            replica.accept(unsent.remove());
        }
    }

    void generated(String id, int sequence, int token, String text) {
        work.generated(id, sequence, token, text);
        ready.addAll(work.drain());
    }

    /// Takes an outcome in.
    void outcome(String id, Outcome outcome) {
        sent--;
        unsent.addAll(work.outcome(id, outcome));
        ready.addAll(work.drain());
    }
}
