package org.flinkllama.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopStrings stops = new StopStrings(List.of("###", "\n\nUser:"));
        assertThat(stops.add("answer #")).isEqualTo("answer ");
        assertThat(stops.add("#")).isEmpty();
        assertThat(stops.add(" no\n")).isEqualTo("## no");
        assertThat(stops.add("\nUse")).isEmpty();
        assertThat(stops.add("r: more")).isEmpty();
        assertThat(stops.met()).isTrue();
        assertThat(stops.text()).isEqualTo("answer ## no");
    }

    @Test
    void releasesTheRestAtTheEnd() {
        StopStrings stops = new StopStrings(List.of("stop"));
        assertThat(stops.add("do sto")).isEqualTo("do ");
        assertThat(stops.finish()).isEqualTo("sto");
        assertThat(stops.met()).isFalse();
        assertThat(stops.text()).isEqualTo("do sto");
    }

    @Test
    void cutsAtTheFirstOfSeveral() {
        StopStrings stops = new StopStrings(List.of("late", "early"));
        assertThat(stops.add("so early, not late")).isEqualTo("so ");
        assertThat(stops.text()).isEqualTo("so ");
    }
}
