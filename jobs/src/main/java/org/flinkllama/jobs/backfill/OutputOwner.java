package org.flinkllama.jobs.backfill;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.output.OutputClaims;

/// Keeps two jobs from writing to one folder. It is on the JobManager, which asks it before any task of the job is
/// there: a sink that is restored commits what its savepoint holds, and finds files gone that another job has ended.
///
/// A job that begins claims its folder at once, and gives it up where it ends before its first checkpoint, because
/// it has committed no file then. For the same reason one that goes on claims it with its first checkpoint: until
/// then the one that it came from can be used again.
///
/// Used by one thread at a time. What a checkpoint holds of it is the id of the job that made it.
final class OutputOwner implements OperatorCoordinator {
    private final OutputClaims claims;
    private final String job;
    private final Set<String> owners; // the job, and the one whose checkpoint it goes on from

    private boolean restored;
    private boolean begun; // and no checkpoint since
    private boolean claimed; // with a checkpoint, or nothing to claim

    /// @param job that is to write
    OutputOwner(OutputClaims claims, String job) {
        this.claims = claims;
        this.job = job;
        this.owners = new TreeSet<>(Set.of(job));
    }

    @Override
    public void resetToCheckpoint(long checkpoint, byte[] state) {
        if (checkpoint == NO_CHECKPOINT) {
            return; // the job has begun and failed, and its claim stands
        }
        restored = true;
        claimed = state == null; // tasks that had ended in the checkpoint leave nothing of this, and nothing to write
        if (!claimed) {
            owners.add(new String(state, StandardCharsets.UTF_8));
            insist(() -> claims.requireNoneBut(owners));
        }
    }

    @Override
    public void start() {
        if (!restored) {
            insist(() -> claims.begin(job));
            begun = true;
        }
    }

    @Override
    public void checkpointCoordinator(long checkpoint, CompletableFuture<byte[]> state) {
        if (!claimed) {
            insist(() -> claims.takeOver(job, owners));
            claimed = true;
        }
        begun = false;
        state.complete(job.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        if (begun) {
            claims.giveUp(job);
        }
    }

    /// Makes of a refusal a failure that no restart follows: none could mend it.
    private static void insist(Runnable claim) {
        try {
            claim.run();
        } catch (ArchiveException refused) {
            throw new SuppressRestartsException(refused);
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        // What it commits is committed by the sinks.
    }

    @Override
    public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
        throw new IllegalStateException("Subtask " + subtask + " sent '" + event + "'; expected nothing.");
    }

    @Override
    public void subtaskReset(int subtask, long checkpoint) {
        // The job stays the owner.
    }

    @Override
    public void executionAttemptFailed(int subtask, int attempt, Throwable reason) {
        // The job stays the owner.
    }

    @Override
    public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {
        // Tasks are told nothing.
    }
}
