package org.flinkllama.operators.inference.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.PendingDocument;

/// Keyed state: the records that were taken in and have not left. It goes with the key when a job is rescaled. Every
/// call but [#restored] needs the record's key as the current one.
public final class PendingRecords {
    /// State of released versions has this name, and this record with it.
    public static final ListStateDescriptor<PendingDocument> DESCRIPTOR =
            new ListStateDescriptor<>("pending-documents", new AvroTypeInfo<>(PendingDocument.class));

    private final ListState<PendingDocument> state;

    public PendingRecords(ListState<PendingDocument> state) {
        this.state = state;
    }

    /// What a checkpoint held, in the order in which it was taken in. Subtasks that were merged counted on their
    /// own: of equal numbers the one with the lower position comes first.
    public static List<Admission> restored(KeyedStateBackend<String> backend) throws Exception {
        record Restored(Admission admission, InputRecord record) {}
        List<Restored> restored = new ArrayList<>();
        backend.applyToAllKeys(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, DESCRIPTOR, (key, state) -> {
            for (PendingDocument pending : state.get()) {
                restored.add(new Restored(
                        new Admission(key, pending.getAdmission(), pending.getTimestamp()), pending.getRecord()));
            }
        });
        restored.sort(
                Comparator.<Restored>comparingLong(entry -> entry.admission().number())
                        .thenComparing(entry -> entry.record().getTopic())
                        .thenComparing(entry -> entry.record().getPartition())
                        .thenComparing(entry -> entry.record().getOffset()));
        return restored.stream().map(Restored::admission).toList();
    }

    public void add(Admission admission, InputRecord record) throws Exception {
        state.add(new PendingDocument(admission.number(), record, admission.timestamp()));
    }

    public InputRecord record(Admission admission) throws Exception {
        for (PendingDocument pending : state.get()) {
            if (pending.getAdmission() == admission.number()) {
                return pending.getRecord();
            }
        }
        throw new IllegalStateException("Record " + admission.number() + " of this subtask is not in its state.");
    }

    public void remove(Admission admission) throws Exception {
        List<PendingDocument> rest = new ArrayList<>();
        for (PendingDocument pending : state.get()) {
            if (pending.getAdmission() != admission.number()) {
                rest.add(pending);
            }
        }
        state.update(rest);
    }
}
