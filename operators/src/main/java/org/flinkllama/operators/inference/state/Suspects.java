package org.flinkllama.operators.inference.state;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.Stream;
import org.flinkllama.schemas.v1.Journal;

/// Finds the record on which a task crashes again and again. Where the task was restarted several times without a
/// checkpoint in between, one of the records that were worked on may be to blame. Each of them is then worked on
/// alone, and not before a checkpoint holds that it is begun once more: so the next restart knows of it, and a record
/// with too many such attempts is given up. As long as no checkpoint completes, nobody is blamed.
///
/// Restarts that no record caused, such as while the checkpoints' storage is away, raise the same suspicion: nothing
/// tells them apart. It costs a checkpoint's interval for each record that was worked on, besides the work itself: 80
/// seconds for eight records and an interval of ten seconds, once.
///
/// Belongs to the task thread.
public final class Suspects {
    private final Deque<Suspect> waiting = new ArrayDeque<>();
    private final int maxAttempts;
    private Suspect next; // null where none is about to be begun
    private Long checkpoint; // that holds its attempt; null until one is taken
    private Suspect begun; // null where none is worked on

    /// @param attempts how often it was begun alone, and not finished
    private record Suspect(Admission admission, int attempts) {}

    private Suspects(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /// @param journals    of the records that were worked on when the checkpoint was taken
    /// @param taskAttempt number of the task's present attempt
    /// @param maxAttempts restarts that raise suspicion, and attempts of a suspect
    public static Suspects among(Map<Admission, Journal> journals, int taskAttempt, int maxAttempts) {
        Suspects suspects = new Suspects(maxAttempts);
        boolean suspicious = journals.values().stream()
                .anyMatch(
                        journal -> journal.getAttempts() > 0 || taskAttempt - journal.getTaskAttempt() >= maxAttempts);
        if (suspicious) {
            journals.entrySet().stream()
                    .sorted(Comparator.comparingLong(entry -> entry.getKey().number()))
                    .map(Suspects::suspect)
                    .forEach(suspects.waiting::add);
        }
        return suspects;
    }

    private static Suspect suspect(Entry<Admission, Journal> entry) {
        return new Suspect(entry.getKey(), entry.getValue().getAttempts());
    }

    /// Whether records are still to be tried alone, or one is being tried.
    public boolean remain() {
        return begun != null || next != null || !waiting.isEmpty();
    }

    /// Whether nothing can be begun before a checkpoint completes.
    public boolean awaitCheckpoint() {
        return next != null;
    }

    /// Takes out the next suspect that has no attempt left.
    public Optional<Admission> giveUp() {
        if (begun == null
                && next == null
                && !waiting.isEmpty()
                && waiting.element().attempts() >= maxAttempts) {
            return Optional.of(waiting.remove().admission());
        }
        return Optional.empty();
    }

    /// Nothing else is worked on: the next suspect is begun as soon as a checkpoint knows.
    public void prepare() {
        if (begun == null && next == null && !waiting.isEmpty()) {
            next = waiting.remove();
            checkpoint = null;
        }
    }

    /// A checkpoint is taken.
    ///
    /// @return the suspect that is about to be begun, whose attempt the checkpoint must hold
    public Optional<Admission> snapshot(long checkpointId) {
        if (next == null) {
            return Optional.empty();
        }
        checkpoint = checkpoint == null ? Long.valueOf(checkpointId) : checkpoint;
        return Optional.of(next.admission());
    }

    /// A checkpoint is complete.
    ///
    /// @return the suspect that can be begun now, and must come to its end before anything else is begun
    public Optional<Admission> completed(long checkpointId) {
        if (next == null || checkpoint == null || checkpointId < checkpoint) {
            return Optional.empty();
        }
        begun = next;
        next = null;
        return Optional.of(begun.admission());
    }

    /// How often a record was begun alone, this time included; 0 for one without suspicion.
    public int attempts(Admission admission) {
        return Stream.of(Optional.ofNullable(begun), Optional.ofNullable(next))
                .flatMap(Optional::stream)
                .filter(suspect -> suspect.admission().equals(admission))
                .mapToInt(suspect -> suspect.attempts() + 1)
                .sum();
    }

    /// The work on a record has come to an end, whether or not it can leave yet.
    public void survived(Admission admission) {
        if (begun != null && begun.admission().equals(admission)) {
            begun = null;
        }
    }
}
