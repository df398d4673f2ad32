package org.flinkllama.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackPressureTest {
    @Test
    void growsAsRecordsPileUp() {
        assertThat(BackPressure.hold(1, 2)).isZero();
        assertThat(BackPressure.hold(2, 2)).hasMillis(50);
        assertThat(BackPressure.hold(8, 2)).hasMillis(250);
        assertThat(BackPressure.hold(16, 2)).hasSeconds(1);
    }
}
