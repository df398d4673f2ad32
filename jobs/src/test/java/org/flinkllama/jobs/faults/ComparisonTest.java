package org.flinkllama.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final OutputRecord FIRST = record(0, 0, "a", "one");
    private static final OutputRecord SECOND = record(0, 1, "a", "two");
    private static final OutputRecord REFUSED = record(1, 2, "a", "three");
    private static final List<OutputRecord> UNDISTURBED = List.of(FIRST, SECOND, REFUSED);

    @Test
    void findsNothingInEqualOutputs() {
        Comparison comparison = Comparison.of(UNDISTURBED, List.of(REFUSED, FIRST, SECOND));
        assertThat(comparison).isEqualTo(new Comparison(3, 0, 0, 0, 0));
        assertThat(comparison.exactlyOnce()).isTrue();
    }

    @Test
    void countsDuplicates() {
        assertThat(Comparison.of(UNDISTURBED, List.of(FIRST, SECOND, SECOND, REFUSED)))
                .isEqualTo(new Comparison(3, 1, 0, 0, 0));
    }

    @Test
    void countsLosses() {
        assertThat(Comparison.of(UNDISTURBED, List.of(SECOND, REFUSED))).isEqualTo(new Comparison(3, 0, 1, 0, 0));
    }

    @Test
    void countsOutputsOfOtherBytes() {
        assertThat(Comparison.of(UNDISTURBED, List.of(FIRST, record(0, 1, "a", "2"), REFUSED)))
                .isEqualTo(new Comparison(3, 0, 0, 1, 0));
    }

    @Test
    void countsOutputsInTheWrongTopic() {
        assertThat(Comparison.of(UNDISTURBED, List.of(FIRST, SECOND, record(0, 2, "a", "three"))))
                .isEqualTo(new Comparison(3, 0, 0, 1, 0));
    }

    @Test
    void countsKeysInTheWrongOrder() {
        assertThat(Comparison.of(UNDISTURBED, List.of(SECOND, FIRST, REFUSED)))
                .isEqualTo(new Comparison(3, 0, 0, 0, 1));
    }

    @Test
    void comparesEachPartOfAnAnswer() {
        List<OutputRecord> undisturbed = List.of(part(0, 0, false), part(0, 1, true), part(1, 0, true));
        assertThat(Comparison.of(undisturbed, undisturbed)).isEqualTo(new Comparison(2, 0, 0, 0, 0));
        List<OutputRecord> found = List.of(part(0, 1, true), part(0, 0, false), part(0, 0, false));
        assertThat(Comparison.of(undisturbed, found)).isEqualTo(new Comparison(2, 1, 1, 0, 1));
    }

    private static OutputRecord record(int stream, long offset, String key, String value) {
        return new OutputRecord(stream, Origin.whole(0, offset), List.of(key, value));
    }

    private static OutputRecord part(long offset, int part, boolean last) {
        return new OutputRecord(0, new Origin(0, offset, part, last), List.of("a", "part " + part));
    }
}
