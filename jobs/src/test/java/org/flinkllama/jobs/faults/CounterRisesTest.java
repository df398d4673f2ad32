package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class CounterRisesTest {
    private final CounterRises rises = new CounterRises("resumedTokens");

    @Test
    void countsWhatACounterReachesOnceHoweverOftenItIsSeen() {
        see("0.first", 3);
        see("0.first", 3);
        see("0.first", 5);
        assertThat(rises.sum()).isEqualTo(5);
    }

    @Test
    void addsWhatACounterReachesAfterItBeganAgain() {
        see("0.first", 5);
        see("0.first", 2);
        see("0.first", 4);
        assertThat(rises.sum()).isEqualTo(9);
    }

    @Test
    void keepsSubtasksApart() {
        see("0.first", 5);
        see("1.first", 2);
        see("0.first", 6);
        assertThat(rises.sum()).isEqualTo(8);
    }

    @Test
    void leavesOtherCountersAlone() {
        rises.look(Map.of("0.first.resumedTokens", 5L, "0.first.recomputedTokens", 7L));
        assertThat(rises.sum()).isEqualTo(5);
    }

    private void see(String subtask, long value) {
        rises.look(Map.of(subtask + ".resumedTokens", value));
    }
}
