package org.flinkllama.operators.inference.state;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.flinkllama.schemas.v1.Journal;
import org.flinkllama.schemas.v1.JournaledInquiry;

/// Keyed state: how far the work on each record is, written when a checkpoint is taken. Only records that are worked
/// on have one. Every call needs the record's key as the current one.
public final class Journals {
    public static final MapStateDescriptor<Long, Journal> DESCRIPTOR =
            new MapStateDescriptor<>("journals", Types.LONG, new AvroTypeInfo<>(Journal.class));

    private final MapState<Long, Journal> state; // by number of admission

    public Journals(MapState<Long, Journal> state) {
        this.state = state;
    }

    /// All that a checkpoint held.
    public static Map<Admission, Journal> restored(KeyedStateBackend<String> backend, Collection<Admission> admissions)
            throws Exception {
        Map<Admission, Journal> journals = new HashMap<>();
        Map<String, List<Admission>> byKey = admissions.stream().collect(Collectors.groupingBy(Admission::key));
        backend.applyToAllKeys(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, DESCRIPTOR, (key, state) -> {
            for (Admission admission : byKey.getOrDefault(key, List.of())) {
                Journal journal = state.get(admission.number());
                if (journal != null) {
                    journals.put(admission, journal);
                }
            }
        });
        return journals;
    }

    public Optional<Journal> read(Admission admission) throws Exception {
        return Optional.ofNullable(state.get(admission.number()));
    }

    /// @param sentOutputs outputs that were sent on
    /// @param inquiries   in the order in which they were made
    public void write(Attempt attempt, int sentOutputs, Collection<InquiryProgress> inquiries) throws Exception {
        put(
                attempt,
                sentOutputs,
                inquiries.stream().map(InquiryProgress::journal).toList());
    }

    /// Writes down that work is about to be begun, and leaves all else as it is.
    public void begin(Attempt attempt) throws Exception {
        Journal known =
                read(attempt.admission()).orElseGet(() -> Journal.newBuilder().build());
        put(attempt, known.getSentOutputs(), known.getInquiries());
    }

    private void put(Attempt attempt, int sentOutputs, List<JournaledInquiry> inquiries) throws Exception {
        state.put(attempt.admission().number(), new Journal(sentOutputs, attempt.alone(), attempt.ofTask(), inquiries));
    }

    public void remove(Admission admission) throws Exception {
        state.remove(admission.number());
    }

    /// An attempt at a record.
    ///
    /// @param alone  how often it was begun alone, under suspicion
    /// @param ofTask number of the task's attempt
    public record Attempt(Admission admission, int alone, int ofTask) {}
}
