package org.flinkllama.jobs.cli.job;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flinkllama.jobs.kafka.KafkaConnection;
import picocli.CommandLine.Option;

/// Which Kafka, and how its clients are set up.
public final class KafkaArguments {
    @Option(
            names = {"-b", "--bootstrap-servers"},
            paramLabel = "HOST:PORT",
            required = true,
            description = "Kafka brokers, several separated by commas.")
    private String bootstrapServers;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties file with settings of the Kafka clients, for example for TLS and SASL.")
    private Path file;

    @Option(
            names = "--kafka-property",
            paramLabel = "NAME=VALUE",
            description = "One setting of the Kafka clients; may be repeated, and wins over the file. Secrets belong"
                    + " into the file: other users of this machine can read command lines.")
    private Map<String, String> properties = new LinkedHashMap<>();

    public KafkaConnection connection() {
        KafkaConnection connection = new KafkaConnection(bootstrapServers, properties);
        return file == null ? connection : connection.withFile(file);
    }
}
