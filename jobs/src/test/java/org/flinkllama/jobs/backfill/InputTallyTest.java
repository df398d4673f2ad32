package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;

final class InputTallyTest {
    @Test
    void countsOnAgainstTheInputThatTheJobBeganWith() throws Exception {
        InputTally begun = new InputTally(InputTally.Unit.OFFSETS, 3, "");
        OneInputStreamOperatorTestHarness<InputRecord, InputRecord> first = harness(begun);
        first.open();
        begun.map(new InputRecord());
        assertThat(counted(begun, BackfillProgress.SIZE_IN_ALL)).isEqualTo(3);
        OperatorSubtaskState checkpoint = first.snapshot(1, 1);
        first.close();

        InputTally resumed = new InputTally(InputTally.Unit.OFFSETS, 7, ""); // the topic has grown
        OneInputStreamOperatorTestHarness<InputRecord, InputRecord> second = harness(resumed);
        second.initializeState(checkpoint);
        second.open();
        resumed.map(new InputRecord());
        assertThat(counted(resumed, BackfillProgress.SIZE_IN_ALL)).isEqualTo(3);
        assertThat(counted(resumed, BackfillProgress.RECORDS_READ)).isEqualTo(2);
        assertThat(counted(resumed, BackfillProgress.SIZE_READ)).isEqualTo(2);
        second.close();
    }

    private static OneInputStreamOperatorTestHarness<InputRecord, InputRecord> harness(InputTally tally)
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new StreamMap<>(tally));
    }

    private static long counted(InputTally tally, String name) {
        return tally.getRuntimeContext().getLongCounter(name).getLocalValuePrimitive();
    }
}
