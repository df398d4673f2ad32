package org.flinkllama.operators.inference.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.flinkllama.schemas.v1.Journal;
import org.junit.jupiter.api.Test;

class SuspectsTest {
    private final Admission first = new Admission("a", 1, null);
    private final Admission second = new Admission("b", 2, null);

    @Test
    void suspectNobodyAfterARestartOrTwo() {
        assertThat(among(5, 7, 0).remain()).isFalse();
        assertThat(among(5, 0, 0).remain()).isFalse();
    }

    @Test
    void areTriedOneByOneAndNotBeforeACheckpointKnows() {
        Suspects suspects = among(5, 8, 0);
        assertThat(suspects.completed(1)).isEmpty();
        suspects.prepare();
        assertThat(suspects.completed(1)).isEmpty();
        assertThat(suspects.snapshot(2)).contains(first);
        assertThat(suspects.attempts(first)).isEqualTo(1);
        assertThat(suspects.attempts(second)).isZero();
        assertThat(suspects.completed(1)).isEmpty();
        assertThat(suspects.snapshot(3)).contains(first);
        assertThat(suspects.completed(3)).contains(first);

        suspects.prepare();
        assertThat(suspects.snapshot(4)).isEmpty();
        assertThat(suspects.remain()).isTrue();
        suspects.survived(first);
        suspects.prepare();
        assertThat(suspects.snapshot(5)).contains(second);
        assertThat(suspects.completed(5)).contains(second);
        suspects.survived(second);
        assertThat(suspects.remain()).isFalse();
    }

    @Test
    void areGivenUpWhenTheyHaveNoAttemptLeft() {
        Suspects suspects = among(8, 9, 3);

        assertThat(suspects.giveUp()).contains(first);
        assertThat(suspects.giveUp()).isEmpty();
        suspects.prepare();
        assertThat(suspects.snapshot(1)).contains(second);
    }

    @Test
    void stayUnderSuspicionAcrossARestart() {
        Suspects suspects = among(8, 9, 1);
        suspects.prepare();

        assertThat(suspects.snapshot(1)).contains(first);
        assertThat(suspects.attempts(first)).isEqualTo(2);
    }

    private Suspects among(int attemptOfCheckpoint, int taskAttempt, int attemptsOfFirst) {
        return Suspects.among(
                Map.of(
                        second, new Journal(0, 0, attemptOfCheckpoint, List.of()),
                        first, new Journal(0, attemptsOfFirst, attemptOfCheckpoint, List.of())),
                taskAttempt,
                3);
    }
}
