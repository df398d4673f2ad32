package org.flinkllama.operators.reject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.flinkllama.operators.SampleRecords;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.Test;

class DeadLetterHeadersTest {
    @Test
    void saysWhereARecordCameFromAndWhyItWasRefused() {
        InputRecord record = SampleRecords.record(42, new byte[] {9});
        Rejection rejection = Rejection.by(DeadLetterHeadersTest.class, Stage.VALIDATE, "The text is empty.");

        DeadLetter deadLetter = rejection.deadLetter(record);

        assertThat(deadLetter.getRecord()).isSameAs(record);
        assertThat(DeadLetterHeaders.of(deadLetter).sequencedEntrySet())
                .containsExactly(
                        entry("flink-llama.topic", "documents"),
                        entry("flink-llama.partition", "3"),
                        entry("flink-llama.offset", "42"),
                        entry("flink-llama.stage", "VALIDATE"),
                        entry("flink-llama.exception.class.name", DeadLetterHeadersTest.class.getName()),
                        entry("flink-llama.exception.message", "The text is empty."));
    }
}
