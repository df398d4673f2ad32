package org.flinkllama.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicJobTest {
    private static final Duration TRANSACTION_LIMIT = Duration.ofMinutes(15); // of a broker that is told nothing

    @ParameterizedTest
    @CsvSource({"PT0.5S, 5", "PT5S, 5", "PT2M, 5", "PT3M, 2", "PT5M, 0", "PT1H, 0"})
    void bearsAsManyFailedCheckpointsAsFitIntoATransaction(Duration interval, int failures) {
        Configuration configuration = TopicJob.configuration(interval);
        assertThat(configuration.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER))
                .isEqualTo(failures);
    }

    @ParameterizedTest
    @CsvSource({"PT0.5S", "PT5S", "PT2M", "PT3M", "PT4M", "PT5M"})
    void restartsBeforeTheBrokerGivesUpWhatWasWrittenBeforeTheFirstFailure(Duration interval) {
        Configuration configuration = TopicJob.configuration(interval);
        Duration timeout = configuration.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT);
        Duration attempt = interval.compareTo(timeout) > 0 ? interval : timeout;
        int failures = configuration.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER) + 1;
        assertThat(interval.plus(attempt.multipliedBy(failures))).isLessThan(TRANSACTION_LIMIT);
    }
}
