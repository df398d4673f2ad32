package org.flinkllama.jobs.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SpeedTest {
    @Test
    void takesTheMiddleOfAnOddNumber() {
        assertThat(Speed.of(30, 10, 1000)).isEqualTo(new Speed(30, 10, 1000, 3));
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
        assertThat(Speed.of(1, 8, 4, 2)).isEqualTo(new Speed(3, 1, 8, 4));
    }

    @Test
    void isItsOnlyMeasurement() {
        assertThat(Speed.of(7.5)).isEqualTo(new Speed(7.5, 7.5, 7.5, 1));
    }

    @Test
    void leavesTheMeasurementsAsTheyAre() {
        double[] measurements = {3, 1, 2};
        Speed.of(measurements);
        assertThat(measurements).containsExactly(3, 1, 2);
    }

    @Test
    void refusesNoMeasurements() {
        assertThatThrownBy(Speed::of).isInstanceOf(IllegalArgumentException.class);
    }
}
