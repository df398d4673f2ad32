package org.flinkllama.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaConnectionTest {
    @TempDir
    private Path folder;

    @Test
    void takesSettingsFromAFileBehindThoseGivenOneByOne() throws IOException {
        Path file = Files.writeString(folder.resolve("k.properties"), "client.rack=a\nsecurity.protocol=SSL\n");
        KafkaConnection connection = new KafkaConnection("kafka:9092", Map.of("client.rack", "b")).withFile(file);
        assertThat(connection.client())
                .containsEntry("client.rack", "b")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("bootstrap.servers", "kafka:9092");
    }

    @Test
    void neverPrintsAValue() {
        assertThat(new KafkaConnection("kafka:9092", Map.of("sasl.jaas.config", "password=secret")).toString())
                .contains("sasl.jaas.config")
                .doesNotContain("secret");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> KafkaConnection.to("kafka:9092").withFile(Path.of("no-such.properties")))
                .isInstanceOf(KafkaEndpointException.class)
                .hasMessageContaining("'no-such.properties' does not exist");
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThatThrownBy(() -> KafkaConnection.to(" ")).isInstanceOf(KafkaEndpointException.class);
        assertThatThrownBy(() -> KafkaCluster.connect(KafkaConnection.to("kafka")))
                .isInstanceOf(KafkaEndpointException.class)
                .hasMessageContaining("host:port");
    }

    @Test
    void saysFastThatNoBrokerAnswers() {
        assertThatThrownBy(() -> KafkaCluster.connect(KafkaConnection.to("127.0.0.1:1")))
                .isInstanceOf(KafkaEndpointException.class)
                .hasMessageContaining("No Kafka broker answers at 127.0.0.1:1");
    }
}
