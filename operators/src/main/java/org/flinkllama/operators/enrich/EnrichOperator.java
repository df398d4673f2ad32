package org.flinkllama.operators.enrich;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
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
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.task.DocumentEnrichment;
import org.flinkllama.operators.task.DocumentEnrichment.End;
import org.flinkllama.operators.task.DocumentEnrichment.Inquiry;
import org.flinkllama.operators.task.DocumentRules;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Enriches documents on a replica of its own, several at once. Keyed by document id.
///
/// A record is written to keyed state before anything else, and taken out in the same mail that sends its
/// enrichment on: a checkpoint holds either the one or the other. Nothing of a document half done is kept; after a
/// failure it starts again, and gives the same bytes. Outcomes come from the replica's thread as mails, so that
/// barriers, timers and watermarks pass while documents are decoded.
///
/// A replica that breaks fails the task: Flink restarts it from the last checkpoint, and no document is blamed for
/// what it may not have caused.
final class EnrichOperator extends AbstractStreamOperator<Enrichment>
        implements OneInputStreamOperator<Tuple2<String, InputRecord>, Enrichment>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    private final transient MailboxExecutor mailbox;
    private final EnrichmentPlan plan;

    // -- runtime
    private transient Replica replica;
    private transient TaskModel model;
    private transient EnrichMetrics metrics;
    private transient PendingDocuments pending;
    private transient AdmissionQueue queue;
    private transient long nextAdmission;
    private transient int inFlight;

    EnrichOperator(StreamOperatorParameters<Enrichment> parameters, MailboxExecutor mailbox, EnrichmentPlan plan) {
        super(parameters);
        this.mailbox = mailbox;
        this.plan = plan;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        pending = new PendingDocuments(context.getKeyedStateStore().getListState(PendingDocuments.DESCRIPTOR));
    }

    @Override
    public void open() throws Exception {
        super.open();
        replica = plan.replica().open();
        model = Models.taskModel(replica.model(), plan.options().prompting());
        queue = new AdmissionQueue();
        metrics = new EnrichMetrics(getMetricGroup(), replica, queue::open);
        for (Admission admission : PendingDocuments.restored(getKeyedStateBackend())) {
            nextAdmission = admission.number() + 1;
            queue.admit(admission);
        }
        startDocuments();
    }

    @Override
    public void processElement(StreamRecord<Tuple2<String, InputRecord>> element) throws Exception {
        Admission admission = new Admission(
                element.getValue().f0, nextAdmission++, element.hasTimestamp() ? element.getTimestamp() : null);
        pending.add(admission, element.getValue().f1);
        queue.admit(admission);
        startDocuments();
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
        int capacity = plan.maxInFlight();
        long end = System.nanoTime() + BackPressure.hold(queue.open(), capacity).toNanos();
        while (queue.open() >= capacity && System.nanoTime() < end) {
            if (!mailbox.tryYield()) {
                Thread.sleep(1);
            }
        }
    }

    private void startDocuments() throws Exception {
        while (inFlight < plan.maxInFlight()) {
            Optional<Admission> next = queue.start();
            if (next.isEmpty()) {
                return;
            }
            inFlight++;
            start(next.get());
        }
    }

    private void start(Admission admission) throws Exception {
        setCurrentKey(admission.documentId());
        InputRecord record = pending.record(admission);
        try {
            // Read again: the options may be others than when the record was taken in.
            Document document = plan.reader().read(record);
            DocumentRules.check(document, plan.options().maxDocumentCharacters());
            DocumentEnrichment enrichment = new DocumentEnrichment(model, plan.options(), document, record);
            proceed(new DocumentInFlight(
                    admission, record, enrichment, plan.replica().maxSequences()));
        } catch (RecordRejectedException e) {
            leave(admission, record, e.rejection());
        }
    }

    private void proceed(DocumentInFlight document) throws Exception {
        DocumentEnrichment enrichment = document.enrichment();
        if (!enrichment.ended()) {
            document.send(inquiry -> submit(document, inquiry));
            return;
        }
        metrics.finished(enrichment.promptTokens(), enrichment.completionTokens());
        switch (enrichment.end()) {
            case End.Enriched(Enrichment result) -> leave(document.admission(), result);
            case End.Rejected(Rejection rejection) -> leave(document.admission(), document.record(), rejection);
        }
    }

    private void submit(DocumentInFlight document, Inquiry inquiry) {
        metrics.requested();
        long submitted = System.nanoTime();
        replica.submit(
                inquiry.request(),
                outcome -> mail(() -> {
                    metrics.answered(outcome, System.nanoTime() - submitted);
                    takeIn(document, inquiry.number(), outcome);
                }));
    }

    /// Called on the replica's thread.
    private void mail(AdmissionQueue.Forward work) {
        try {
            mailbox.execute(work::run, "outcome of an inference");
        } catch (RejectedExecutionException closed) {
            LOG.debug("An outcome came when the task had ended; it is computed again after a restart.");
        }
    }

    private void takeIn(DocumentInFlight document, int number, Outcome outcome) throws Exception {
        Optional<String> failure = replica.failure();
        if (failure.isPresent()) {
            throw new ReplicaException(failure.get());
        }
        document.outcome(number, outcome);
        proceed(document);
        startDocuments();
    }

    private void leave(Admission admission, Enrichment enrichment) throws Exception {
        output.collect(at(admission, enrichment));
        finish(admission);
    }

    private void leave(Admission admission, InputRecord record, Rejection rejection) throws Exception {
        metrics.rejected();
        output.collect(EnrichmentTopology.DEAD_LETTERS, at(admission, rejection.deadLetter(record)));
        finish(admission);
    }

    private void finish(Admission admission) throws Exception {
        setCurrentKey(admission.documentId());
        pending.remove(admission);
        inFlight--;
        queue.finish(admission);
    }

    private static <T> StreamRecord<T> at(Admission admission, T value) {
        return admission.timestamp() == null
                ? new StreamRecord<>(value)
                : new StreamRecord<>(value, admission.timestamp());
    }
}
