package org.flinkllama.operators.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Ticket;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.inference.state.Admission;
import org.flinkllama.operators.inference.state.InquiryProgress;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.InputRecord;

/// A record that is worked on. It has a limited number of requests with the replica at a time, so that a long
/// record lets its neighbours have their turn.
///
/// Belongs to the task thread.
final class RecordInFlight<T> {
    private final Admission admission;
    private final InputRecord record;
    private final Work<T> work;
    private final int sentBefore;
    private final int window;
    private final Function<Inquiry, InquiryProgress> progressOf;
    private final SequencedMap<String, InquiryProgress> inquiries = new LinkedHashMap<>();
    private final Deque<InquiryProgress> unsent = new ArrayDeque<>();
    private final Map<String, Ticket> tickets = new HashMap<>(); // of requests that the replica has
    private final List<T> ready = new ArrayList<>();
    private int outputs;
    private Rejection givenUp; // null unless it was
    private boolean closed;
    private Future<?> deadline = CompletableFuture.completedFuture(null);

    /// @param sentBefore outputs that were sent before a restart, and are left out
    /// @param window     requests with the replica at a time
    /// @param progressOf what is known of an inquiry already
    RecordInFlight(
            Admission admission,
            Begun<T> begun,
            int sentBefore,
            int window,
            Function<Inquiry, InquiryProgress> progressOf) {
        this.admission = admission;
        this.record = begun.record();
        this.work = begun.work();
        this.sentBefore = sentBefore;
        this.window = window;
        this.progressOf = progressOf;
        ask(work.inquiries());
        gather();
    }

    /// A record and the work on it.
    record Begun<T>(InputRecord record, Work<T> work) {}

    Admission admission() {
        return admission;
    }

    InputRecord record() {
        return record;
    }

    Work<T> work() {
        return work;
    }

    /// What was heard of each inquiry.
    Collection<InquiryProgress> inquiries() {
        return inquiries.values();
    }

    /// Outputs that were sent on, before a restart or since.
    int sentOutputs() {
        return Math.max(sentBefore, outputs - ready.size());
    }

    Optional<Work.End> end() {
        return givenUp == null ? work.end() : Optional.of(new Work.End.Rejected(givenUp));
    }

    /// Ends the work, whatever it would have become.
    void giveUp(Rejection reason) {
        givenUp = reason;
        unsent.clear();
        ready.clear();
        cancel();
    }

    /// @param next does something when the work takes too long
    void deadline(Future<?> next) {
        deadline = next;
    }

    /// Whether news of it matter.
    boolean isOpen() {
        return !closed && end().isEmpty();
    }

    /// The record leaves.
    void close() {
        closed = true;
        deadline.cancel(false);
        cancel();
    }

    /// Takes the requests back that the replica has.
    private void cancel() {
        tickets.values().forEach(Ticket::cancel);
        tickets.clear();
    }

    /// Takes out the outputs that can be sent on.
    List<T> ready() {
        List<T> taken = List.copyOf(ready);
        ready.clear();
        return taken;
    }

    /// Sends as many requests as there is room for, and takes the outcomes in that are known already.
    void send(Function<InquiryProgress, Ticket> replica, Consumer<InquiryProgress> known) {
        while (tickets.size() < window && !unsent.isEmpty() && end().isEmpty()) {
            InquiryProgress next = unsent.remove();
            Optional<Outcome> outcome = next.known();
            if (outcome.isPresent()) {
                known.accept(next);
                outcome(next, outcome.get());
            } else {
                tickets.put(next.inquiry().id(), replica.apply(next));
            }
        }
    }

    /// Puts a request before all others that are to be sent.
    void retry(InquiryProgress inquiry) {
        tickets.remove(inquiry.inquiry().id());
        unsent.addFirst(inquiry);
    }

    void generated(InquiryProgress inquiry, int sequence, int token, String text) {
        work.generated(inquiry.inquiry().id(), sequence, token, text);
        gather();
    }

    /// Takes an outcome in.
    void outcome(InquiryProgress inquiry, Outcome outcome) {
        inquiry.ended(outcome);
        tickets.remove(inquiry.inquiry().id());
        ask(work.outcome(inquiry.inquiry().id(), outcome));
        gather();
    }

    private void ask(List<Inquiry> further) {
        for (Inquiry inquiry : further) {
            InquiryProgress progress = progressOf.apply(inquiry);
            if (inquiries.put(inquiry.id(), progress) != null) {
                throw new IllegalStateException(
                        "A work made two inquiries with the id '" + inquiry.id() + "'; expected another id for each.");
            }
            unsent.add(progress);
        }
    }

    private void gather() {
        for (T output : work.drain()) {
            if (outputs++ >= sentBefore) {
                ready.add(output);
            }
        }
    }
}
