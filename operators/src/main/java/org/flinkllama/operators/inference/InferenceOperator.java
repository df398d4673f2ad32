package org.flinkllama.operators.inference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.FlinkRuntimeException;
import org.flinkllama.operators.fetch.HostFiles;
import org.flinkllama.operators.inference.RecordInFlight.Begun;
import org.flinkllama.operators.inference.plan.ErrorHandling.Strategy;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.inference.plan.Worker;
import org.flinkllama.operators.inference.state.Admission;
import org.flinkllama.operators.inference.state.AdmissionQueue;
import org.flinkllama.operators.inference.state.InquiryProgress;
import org.flinkllama.operators.inference.state.Journals;
import org.flinkllama.operators.inference.state.Journals.Attempt;
import org.flinkllama.operators.inference.state.PendingRecords;
import org.flinkllama.operators.inference.state.Suspects;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.replica.ReplicaSource.Stay;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Journal;
import org.flinkllama.schemas.v1.Stage;

/// Works on records with a replica of its own, several at once.
///
/// A record is written to keyed state before anything else, and taken out in the same mail that sends its last
/// output on: a checkpoint holds either the one or the other. It also holds what was sampled so far, from where work
/// goes on after a restart. News come from the replica's thread as mails, so that barriers, timers and watermarks
/// pass while tokens are generated.
///
/// A replica that breaks fails the task: Flink restarts it from the last checkpoint, and no record is blamed for
/// what it may not have caused.
///
/// @param <T> what goes out
final class InferenceOperator<T> extends AbstractStreamOperator<T>
        implements OneInputStreamOperator<Tuple2<String, InputRecord>, T>, BoundedOneInput {
    private static final long serialVersionUID = 1L;
    static final long MOMENT_MILLISECONDS = 10;

    private final transient MailboxExecutor mailbox;
    private final transient MailboxExecutor taskMails;
    private final InferencePlan<T> plan;

    // -- runtime
    private transient KeyedStateStore keyedState;
    private transient Replica replica;
    private transient Worker<T> worker;
    private transient InferenceMetrics metrics;
    private transient Inferences<T> inferences;
    private transient PendingRecords pending;
    private transient Journals journals;
    private transient AdmissionQueue queue;
    private transient Map<Admission, RecordInFlight<T>> inFlight;
    private transient boolean starting;
    private transient Suspects suspects;
    private transient long nextAdmission;
    private transient long firstNew; // admissions before it come from a checkpoint

    InferenceOperator(StreamOperatorParameters<T> parameters, MailboxExecutor mailbox, InferencePlan<T> plan) {
        super(parameters);
        this.mailbox = mailbox;
        this.taskMails =
                parameters.getContainingTask().getMailboxExecutorFactory().createExecutor(TaskMailbox.MIN_PRIORITY);
        this.plan = plan;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        keyedState = context.getKeyedStateStore();
        pending = new PendingRecords(keyedState.getListState(PendingRecords.DESCRIPTOR));
        journals = new Journals(keyedState.getMapState(Journals.DESCRIPTOR));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        for (RecordInFlight<T> record : inFlight.values()) {
            setCurrentKey(record.admission().key());
            journals.write(attempt(record.admission()), record.sentOutputs(), record.inquiries());
        }
        Optional<Admission> suspect = suspects.snapshot(context.getCheckpointId());
        if (suspect.isPresent()) {
            setCurrentKey(suspect.get().key());
            journals.begin(attempt(suspect.get()));
        }
        super.snapshotState(context);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        Optional<Admission> suspect = suspects.completed(checkpointId);
        if (suspect.isPresent()) {
            queue.start(suspect.get());
            start(suspect.get());
            startRecords();
        }
    }

    private Attempt attempt(Admission admission) {
        return new Attempt(admission, suspects.attempts(admission), taskAttempt());
    }

    private int taskAttempt() {
        return getRuntimeContext().getTaskInfo().getAttemptNumber();
    }

    @Override
    public void open() throws Exception {
        super.open();
        letClassesGo();
        openReplica();
        queue = new AdmissionQueue();
        inFlight = new HashMap<>();
        metrics = new InferenceMetrics(getMetricGroup(), replica, queue::open);
        inferences = new Inferences<>(
                plan.options(), replica, new News(mailbox), metrics, getProcessingTimeService(), new Advance());
        List<Admission> restored = PendingRecords.restored(getKeyedStateBackend());
        for (Admission admission : restored) {
            nextAdmission = admission.number() + 1;
            queue.admit(admission);
        }
        suspects = Suspects.among(
                Journals.restored(getKeyedStateBackend(), restored),
                taskAttempt(),
                plan.options().errorHandling().strategy() == Strategy.FAIL
                        ? Integer.MAX_VALUE
                        : plan.options().maxAttempts());
        firstNew = nextAdmission;
        startRecords();
    }

    private void letClassesGo() {
        StreamingRuntimeContext context = getRuntimeContext();
        context.registerUserCodeClassLoaderReleaseHookIfAbsent(
                "threads of " + context.getJobInfo().getJobId().toHexString(),
                new LastingThreads(context.getUserCodeClassLoader()));
    }

    /// What can't be used at the job's start can't be used by a restart either: the job fails, and the last thing
    /// that is said of it is why. Later another machine may have what this one lacks, and Flink goes on as it was
    /// told to.
    private void openReplica() throws Exception {
        String[] temporary =
                getContainingTask().getEnvironment().getTaskManagerInfo().getTmpDirectories();
        try {
            replica = plan.replica()
                    .open(HostFiles.ofTask(getRuntimeContext().getDistributedCache(), temporary), stayOfJob());
            worker = plan.workload().open(replica.model(), keyedState);
        } catch (ReplicaException | IllegalArgumentException refused) {
            if (taskAttempt() > 0) {
                throw refused;
            }
            LOG.warn("The job can't start here.", refused);
            throw new SuppressRestartsException(new ReplicaException(refused.getMessage()));
        }
    }

    /// Lasts over restarts of its tasks, as long as the TaskManager has a slot for the job and so its class loader.
    private Stay stayOfJob() {
        StreamingRuntimeContext context = getRuntimeContext();
        String job = context.getJobInfo().getJobId().toHexString();
        return new Stay(job, end -> context.registerUserCodeClassLoaderReleaseHookIfAbsent("models of " + job, end));
    }

    @Override
    public void processElement(StreamRecord<Tuple2<String, InputRecord>> element) throws Exception {
        Admission admission = Admission.of(element.getValue().f0, nextAdmission++, element);
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

    /// Runs the task's mails too: suspects need a checkpoint.
    @Override
    public void endInput() throws Exception {
        while (queue.open() > 0) {
            taskMails.yield();
        }
    }

    @Override
    public void close() throws Exception {
        if (replica != null) {
            replica.close();
        }
        super.close();
    }

    /// Takes nothing more in while as many records are open as may be, which the source feels. The task's own mails
    /// run meanwhile, among them the barriers of unaligned checkpoints: this record is in state already, so that a
    /// checkpoint in between is one behind it.
    ///
    /// After a restore barriers may stand behind what the checkpoint found on its way to here: a task that does not
    /// run yet takes none, and a channel from another process that has brought all of that lets none pass until all
    /// channels have (FLINK-40519). Where no record can leave before a checkpoint completes, each is held for a
    /// moment only: intake is slow, and the barriers' turn comes.
    private void holdBack() throws InterruptedException {
        AtomicBoolean longEnough = new AtomicBoolean();
        if (full() && suspects.remain()) {
            ProcessingTimeService clock = getProcessingTimeService();
            clock.registerTimer(clock.getCurrentProcessingTime() + MOMENT_MILLISECONDS, now -> longEnough.set(true));
        }
        while (full() && !(longEnough.get() && suspects.awaitCheckpoint())) {
            taskMails.yield();
        }
    }

    private boolean full() {
        return queue.open() > plan.options().maxOpen();
    }

    /// Begins what there is room for. What is rejected at once may let others leave, which makes room again.
    private void startRecords() throws Exception {
        if (starting) {
            return; // a record left as soon as it was begun: the call further up goes on
        }
        starting = true;
        do {
            Optional<Admission> next = next();
            while (next.isPresent()) {
                start(next.get());
                next = next();
            }
        } while (plan.options().outputMode() == OutputMode.ORDERED && releaseFirst());
        starting = false;
    }

    private Optional<Admission> next() throws Exception {
        boolean room = inFlight.size() < plan.options().maxInFlight();
        return room && !trySuspects() ? queue.start() : Optional.empty();
    }

    /// Whether suspects must be tried before anything else is begun.
    private boolean trySuspects() throws Exception {
        for (Optional<Admission> guilty = suspects.giveUp(); guilty.isPresent(); guilty = suspects.giveUp()) {
            queue.start(guilty.get());
            setCurrentKey(guilty.get().key());
            reject(
                    guilty.get(),
                    pending.record(guilty.get()),
                    Poison.crashes(plan.options().maxAttempts()));
        }
        if (inFlight.values().stream().allMatch(record -> record.end().isPresent())) {
            suspects.prepare();
        }
        return suspects.remain();
    }

    private void start(Admission admission) throws Exception {
        setCurrentKey(admission.key());
        InputRecord record = pending.record(admission);
        Optional<Journal> journal = admission.number() < firstNew ? journals.read(admission) : Optional.empty();
        RecordInFlight<T> started;
        try {
            started = new RecordInFlight<>(
                    admission,
                    new Begun<>(record, worker.begin(record)),
                    journal.map(Journal::getSentOutputs).orElse(0),
                    plan.replica().maxSequences(),
                    inquiry -> InquiryProgress.of(inquiry, replica.model().sha256(), journal));
        } catch (RecordRejectedException e) {
            reject(admission, record, e.rejection());
            return;
        } catch (FlinkRuntimeException stateFailed) {
            throw stateFailed;
        } catch (RuntimeException | StackOverflowError broken) {
            reject(admission, record, Poison.rejection(Stage.PROMPT, broken));
            return;
        }
        inFlight.put(admission, started);
        inferences.begin(started);
    }

    private final class Advance implements Inferences.Task<T> {
        @Override
        public void setKey(String key) {
            setCurrentKey(key);
        }

        @Override
        public void advanced(RecordInFlight<T> record) throws Exception {
            release(record);
            if (record.end().isPresent()) {
                suspects.survived(record.admission());
                startRecords();
            }
        }
    }

    /// Sends on what is ready, where it is its turn, and whatever that lets go.
    private void release(RecordInFlight<T> record) throws Exception {
        switch (plan.options().outputMode()) {
            case ALLOW_UNORDERED -> sendOn(record);
            case ORDERED -> releaseFirst();
        }
    }

    /// @return whether records have left
    private boolean releaseFirst() throws Exception {
        boolean left = false;
        Optional<RecordInFlight<T>> first = queue.first().map(inFlight::get);
        while (first.isPresent() && sendOn(first.get())) {
            left = true;
            first = queue.first().map(inFlight::get);
        }
        return left;
    }

    /// @return whether the record has left
    private boolean sendOn(RecordInFlight<T> record) throws Exception {
        Admission admission = record.admission();
        setCurrentKey(admission.key());
        for (T ready : record.ready()) {
            output.collect(admission.stamped(ready));
        }
        Optional<Work.End> end = record.end();
        if (end.isEmpty()) {
            return false;
        }
        switch (end.get()) {
            case Work.End.Done() -> {
                record.work().finish();
                leave(admission);
            }
            case Work.End.Rejected(Rejection rejection) -> {
                for (T last : record.work().rejected(rejection)) {
                    output.collect(admission.stamped(last));
                }
                reject(admission, record.record(), rejection);
            }
        }
        return true;
    }

    private void reject(Admission admission, InputRecord record, Rejection rejection) throws Exception {
        metrics.rejected();
        output.collect(InferenceTopology.DEAD_LETTERS, admission.stamped(rejection.deadLetter(record)));
        leave(admission);
    }

    private void leave(Admission admission) throws Exception {
        setCurrentKey(admission.key());
        pending.remove(admission);
        journals.remove(admission);
        RecordInFlight<T> left = inFlight.remove(admission);
        if (left != null) {
            left.close();
        }
        queue.leave(admission);
        suspects.survived(admission);
    }
}
