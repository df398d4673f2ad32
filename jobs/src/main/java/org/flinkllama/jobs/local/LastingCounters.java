package org.flinkllama.jobs.local;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;

/// Counters of a function whose counts are in its checkpoints: a job that goes on from one counts on, and a record
/// that is read again counts once. Belongs to the task thread.
public final class LastingCounters implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] names;

    // -- runtime
    private transient Map<String, LongCounter> counters;
    private transient Map<String, ListState<Long>> states;

    /// @param names by which [ProgressReport] finds them
    public LastingCounters(String... names) {
        this.names = names.clone();
    }

    /// Begins with the counts of the checkpoint, where there are any.
    public void initialize(OperatorStateStore store, RuntimeContext context) throws Exception {
        counters = new LinkedHashMap<>();
        states = new LinkedHashMap<>();
        for (String name : names) {
            ListState<Long> state = store.getListState(new ListStateDescriptor<>("count-of-" + name, Types.LONG));
            LongCounter counter = context.getLongCounter(name);
            for (long part : state.get()) {
                counter.add(part);
            }
            counters.put(name, counter);
            states.put(name, state);
        }
    }

    public void add(String name, long count) {
        counters.get(name).add(count);
    }

    /// Puts the counts into the checkpoint.
    public void snapshot() throws Exception {
        for (String name : names) {
            states.get(name).update(List.of(counters.get(name).getLocalValuePrimitive()));
        }
    }
}
