package org.flinkllama.operators.inference.state;

import java.util.Collection;
import java.util.Optional;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.flinkllama.schemas.v1.Journal;

/// Keyed state: how far the work on each record is, written when a checkpoint is taken. Only records that are worked
/// on have one. Every call needs the record's key as the current one.
public final class Journals {
    public static final MapStateDescriptor<Long, Journal> DESCRIPTOR =
            new MapStateDescriptor<>("journals", Types.LONG, new AvroTypeInfo<>(Journal.class));

    private final MapState<Long, Journal> state; // by number of admission

    public Journals(MapState<Long, Journal> state) {
        this.state = state;
    }

    public Optional<Journal> read(Admission admission) throws Exception {
        return Optional.ofNullable(state.get(admission.number()));
    }

    /// @param sentOutputs outputs that were sent on
    /// @param inquiries   in the order in which they were made
    public void write(Admission admission, int sentOutputs, Attempt attempt, Collection<InquiryProgress> inquiries)
            throws Exception {
        state.put(
                admission.number(),
                new Journal(
                        sentOutputs,
                        attempt.alone(),
                        attempt.ofTask(),
                        inquiries.stream().map(InquiryProgress::journal).toList()));
    }

    public void remove(Admission admission) throws Exception {
        state.remove(admission.number());
    }

    /// @param alone  how often work was begun under suspicion
    /// @param ofTask number of the task's attempt
    public record Attempt(int alone, int ofTask) {}
}
