package org.flinkllama.operators.inference;

import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.util.FlinkRuntimeException;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Ticket;
import org.flinkllama.operators.inference.InquiryListener.Token;
import org.flinkllama.operators.inference.plan.ErrorHandling;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.state.InquiryProgress;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.schemas.v1.Stage;

/// The dealings of records in flight with the replica: makes their requests, takes in what is heard of them, tries
/// again, and gives up what takes too long or what the workload can't cope with.
///
/// Belongs to the task thread.
final class Inferences<T> implements InquiryListener.TaskSide<T> {
    private final InferenceOptions options;
    private final Replica replica;
    private final News news;
    private final InferenceMetrics metrics;
    private final ProcessingTimeService clock;
    private final Task<T> task;

    Inferences(
            InferenceOptions options,
            Replica replica,
            News news,
            InferenceMetrics metrics,
            ProcessingTimeService clock,
            Task<T> task) {
        this.options = options;
        this.replica = replica;
        this.news = news;
        this.metrics = metrics;
        this.clock = clock;
        this.task = task;
    }

    /// What happens around the records.
    interface Task<T> {
        /// Makes this the current key of state.
        void setKey(String key);

        /// A record may have outputs that are ready, and may have ended.
        void advanced(RecordInFlight<T> record) throws Exception;
    }

    /// Begins to work on a record.
    void begin(RecordInFlight<T> record) throws Exception {
        Duration timeout = options.timeout();
        if (timeout.isPositive()) {
            record.deadline(clock.registerTimer(clock.getCurrentProcessingTime() + timeout.toMillis(), now -> {
                if (record.isOpen()) {
                    record.giveUp(Poison.timeout(timeout));
                    task.advanced(record);
                }
            }));
        }
        proceed(record);
    }

    @Override
    public void generated(RecordInFlight<T> record, InquiryProgress inquiry, Token token) throws Exception {
        if (!record.isOpen()) {
            return;
        }
        int before = inquiry.sampledTokens();
        boolean unheard = inquiry.generated(token.sequence(), token.token(), token.logProbability());
        if (inquiry.sampledTokens() > before) {
            metrics.sampled(inquiry, token.duration());
        }
        if (unheard) {
            attempt(record, () -> record.generated(inquiry, token.sequence(), token.token(), token.text()));
            task.advanced(record);
        }
    }

    @Override
    public void ended(RecordInFlight<T> record, InquiryProgress inquiry, Outcome outcome, long duration)
            throws Exception {
        Optional<String> failure = replica.failure();
        if (failure.isPresent()) {
            throw new ReplicaException(failure.get());
        }
        if (!record.isOpen()) {
            return;
        }
        metrics.answered(inquiry, outcome, duration);
        if (outcome instanceof Outcome.Failed(String reason) && isTriedAgain(record, inquiry, reason)) {
            record.retry(inquiry);
        } else {
            attempt(record, () -> record.outcome(inquiry, outcome));
        }
        proceed(record);
    }

    private void proceed(RecordInFlight<T> record) throws Exception {
        attempt(record, () -> record.send(inquiry -> submit(record, inquiry), metrics::reused));
        task.advanced(record);
    }

    private Ticket submit(RecordInFlight<T> record, InquiryProgress inquiry) {
        metrics.requested(inquiry);
        return replica.submit(
                inquiry.request(), inquiry.inquiry().scope(), new InquiryListener<>(news, this, record, inquiry));
    }

    private boolean isTriedAgain(RecordInFlight<T> record, InquiryProgress inquiry, String reason) {
        ErrorHandling handling = options.errorHandling();
        return switch (handling.strategy()) {
            case RETRY -> inquiry.retry() <= handling.retries();
            case DEAD_LETTER -> false;
            case FAIL -> throw Poison.failure(record.record(), inquiry.inquiry().id(), reason);
        };
    }

    /// Lets the workload work on a record. What it can't cope with is given up.
    private void attempt(RecordInFlight<T> record, Runnable step) {
        task.setKey(record.admission().key());
        try {
            step.run();
        } catch (FlinkRuntimeException | ReplicaException stateOrReplicaFailed) {
            throw stateOrReplicaFailed;
        } catch (RuntimeException | StackOverflowError broken) {
            record.giveUp(Poison.rejection(Stage.INFERENCE, broken));
        }
    }
}
