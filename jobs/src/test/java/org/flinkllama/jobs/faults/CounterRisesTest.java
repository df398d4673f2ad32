package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CounterRisesTest {
    private final CounterRises rises = new CounterRises("resumedTokens");

    @Test
    void countsWhatACounterReachesOnceHoweverOftenItIsSeen() {
        rises.see("first", 3);
        rises.see("first", 3);
        rises.see("first", 5);
        assertThat(rises.sum()).isEqualTo(5);
    }

    @Test
    void addsWhatACounterReachesAfterItBeganAgain() {
        rises.see("first", 5);
        rises.see("first", 2);
        rises.see("first", 4);
        assertThat(rises.sum()).isEqualTo(9);
    }

    @Test
    void keepsSubtasksApart() {
        rises.see("first", 5);
        rises.see("second", 2);
        rises.see("first", 6);
        assertThat(rises.sum()).isEqualTo(8);
    }
}
