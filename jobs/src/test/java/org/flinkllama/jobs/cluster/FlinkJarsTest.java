package org.flinkllama.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.junit.jupiter.api.Test;

final class FlinkJarsTest {
    @Test
    void leavesOutWhatAJobBrings() {
        assertThat(FlinkJars.of(String.join(
                        File.pathSeparator,
                        "/p/classes",
                        "/l/flink-core-2.3.0.jar",
                        "/l/flink-core-2.3.0-tests.jar",
                        "/l/flink-connector-base-2.3.0.jar",
                        "/l/flink-connector-kafka-5.0.0-2.2.jar",
                        "/l/flink-avro-2.3.0.jar",
                        "/l/avro-1.12.1.jar",
                        "/l/kafka-clients-4.2.0.jar",
                        "/l/flink-llama-model-0.1.0.jar",
                        "/l/log4j-core-2.24.3.jar")))
                .isEqualTo(String.join(
                        File.pathSeparator,
                        "/l/flink-core-2.3.0.jar",
                        "/l/flink-connector-base-2.3.0.jar",
                        "/l/log4j-core-2.24.3.jar"));
    }
}
