package org.flinkllama.operators.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.inference.plan.Worker;
import org.flinkllama.operators.inference.state.Admission;
import org.flinkllama.operators.inference.state.AdmissionQueue;
import org.flinkllama.operators.inference.state.PendingRecords;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.schemas.v1.InputRecord;

/// Works on records with a replica of its own, several at once.
///
/// A record is written to keyed state before anything else, and taken out in the same mail that sends its last
/// output on: a checkpoint holds either the one or the other. Outcomes come from the replica's thread as mails, so
/// that barriers, timers and watermarks pass while tokens are generated.
///
/// A replica that breaks fails the task: Flink restarts it from the last checkpoint, and no record is blamed for
/// what it may not have caused.
///
/// @param <T> what goes out
final class InferenceOperator<T> extends AbstractStreamOperator<T>
        implements OneInputStreamOperator<Tuple2<String, InputRecord>, T>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    private final transient MailboxExecutor mailbox;
    private final InferencePlan<T> plan;

    // -- runtime
    private transient KeyedStateStore keyedState;
    private transient Replica replica;
    private transient Worker<T> worker;
    private transient InferenceMetrics metrics;
    private transient PendingRecords pending;
    private transient AdmissionQueue queue;
    private transient Map<Admission, RecordInFlight<T>> inFlight;
    private transient long nextAdmission;

    InferenceOperator(StreamOperatorParameters<T> parameters, MailboxExecutor mailbox, InferencePlan<T> plan) {
        super(parameters);
        this.mailbox = mailbox;
        this.plan = plan;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        keyedState = context.getKeyedStateStore();
        pending = new PendingRecords(keyedState.getListState(PendingRecords.DESCRIPTOR));
    }

    @Override
    public void open() throws Exception {
        super.open();
        replica = plan.replica().open();
        worker = plan.workload().open(replica.model(), keyedState);
        queue = new AdmissionQueue();
        inFlight = new HashMap<>();
        metrics = new InferenceMetrics(getMetricGroup(), replica, queue::open);
        for (Admission admission : PendingRecords.restored(getKeyedStateBackend())) {
            nextAdmission = admission.number() + 1;
            queue.admit(admission);
        }
        startRecords();
    }

    @Override
    public void processElement(StreamRecord<Tuple2<String, InputRecord>> element) throws Exception {
        Admission admission = new Admission(
                element.getValue().f0, nextAdmission++, element.hasTimestamp() ? element.getTimestamp() : null);
        pending.add(admission, element.getValue().f1);
        queue.admit(admission);
        startRecords();
        holdBack();
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        queue.pass(() -> super.processWatermark(mark));
    }

    @Override
    public void processWatermark(WatermarkEvent mark) throws Exception {
        queue.pass(() -> super.processWatermark(mark));
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        queue.pass(() -> super.processWatermarkStatus(status));
    }

    @Override
    public void endInput() throws Exception {
        while (queue.open() > 0) {
            mailbox.yield();
        }
    }

    @Override
    public void close() throws Exception {
        if (replica != null) {
            replica.close();
        }
        super.close();
    }

    private void holdBack() throws InterruptedException {
        int capacity = plan.options().maxInFlight();
        long end = System.nanoTime() + BackPressure.hold(queue.open(), capacity).toNanos();
        while (queue.open() >= capacity && System.nanoTime() < end) {
            if (!mailbox.tryYield()) {
                Thread.sleep(1);
            }
        }
    }

    private void startRecords() throws Exception {
        while (inFlight.size() < plan.options().maxInFlight()) {
            Optional<Admission> next = queue.start();
            if (next.isEmpty()) {
                return;
            }
            start(next.get());
        }
    }

    private void start(Admission admission) throws Exception {
        setCurrentKey(admission.key());
        InputRecord record = pending.record(admission);
        try {
            RecordInFlight<T> started = new RecordInFlight<>(
                    admission, record, worker.begin(record), plan.replica().maxSequences());
            inFlight.put(admission, started);
            proceed(started);
        } catch (RecordRejectedException e) {
            reject(admission, record, e.rejection());
        }
    }

    private void proceed(RecordInFlight<T> record) throws Exception {
        if (record.end().isEmpty()) {
            record.send(inquiry -> submit(record, inquiry));
        }
        release(record);
    }

    /// Sends on what is ready, where it is its turn.
    private void release(RecordInFlight<T> record) throws Exception {
        Admission admission = record.admission();
        if (plan.options().outputMode() == OutputMode.ORDERED && !queue.first().equals(Optional.of(admission))) {
            return;
        }
        setCurrentKey(admission.key());
        for (T ready : record.ready()) {
            output.collect(at(admission, ready));
        }
        switch (record.end().orElse(null)) {
            case null -> {}
            case Work.End.Done() -> {
                record.work().finish();
                leave(admission);
            }
            case Work.End.Rejected(Rejection rejection) -> {
                for (T last : record.work().rejected(rejection)) {
                    output.collect(at(admission, last));
                }
                reject(admission, record.record(), rejection);
            }
        }
    }

    private void submit(RecordInFlight<T> record, Inquiry inquiry) {
        metrics.requested();
        long submitted = System.nanoTime();
        replica.submit(inquiry.request(), inquiry.scope(), new RequestListener() {
            @Override
            public void generated(int sequence, int token, String text) {
                mail(() -> {
                    setCurrentKey(record.admission().key());
                    record.generated(inquiry.id(), sequence, token, text);
                    release(record);
                });
            }

            @Override
            public void ended(Outcome outcome) {
                mail(() -> {
                    metrics.answered(outcome, System.nanoTime() - submitted);
                    takeIn(record, inquiry.id(), outcome);
                });
            }
        });
    }

    /// Called on the replica's thread.
    private void mail(AdmissionQueue.Forward work) {
        try {
            mailbox.execute(work::run, "news of an inference");
        } catch (RejectedExecutionException closed) {
            LOG.debug("News of an inference came when the task had ended; it is computed again after a restart.");
        }
    }

    private void takeIn(RecordInFlight<T> record, String id, Outcome outcome) throws Exception {
        Optional<String> failure = replica.failure();
        if (failure.isPresent()) {
            throw new ReplicaException(failure.get());
        }
        setCurrentKey(record.admission().key());
        record.outcome(id, outcome);
        proceed(record);
        startRecords();
    }

    private void reject(Admission admission, InputRecord record, Rejection rejection) throws Exception {
        metrics.rejected();
        output.collect(InferenceTopology.DEAD_LETTERS, at(admission, rejection.deadLetter(record)));
        leave(admission);
    }

    private void leave(Admission admission) throws Exception {
        setCurrentKey(admission.key());
        pending.remove(admission);
        inFlight.remove(admission);
        queue.leave(admission);
        Optional<RecordInFlight<T>> first = queue.first().map(inFlight::get);
        if (plan.options().outputMode() == OutputMode.ORDERED && first.isPresent()) {
            release(first.get());
        }
    }

    private static <R> StreamRecord<R> at(Admission admission, R value) {
        return admission.timestamp() == null
                ? new StreamRecord<>(value)
                : new StreamRecord<>(value, admission.timestamp());
    }
}
