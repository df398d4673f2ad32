package org.flinkllama.jobs.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;

/// Where a Kafka cluster is and how its clients are set up.
///
/// @param bootstrapServers `host:port`, several separated by commas
/// @param properties       settings of every Kafka client; may hold secrets, and so are never printed
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) implements Serializable {
    public KafkaConnection {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
        if (bootstrapServers.isBlank()) {
            throw new KafkaEndpointException("No Kafka broker is named; give its host and port, as in kafka:9092.");
        }
    }

    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /// This connection with the settings of a properties file; those already here win.
    public KafkaConnection withFile(Path file) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            read.load(reader);
        } catch (NoSuchFileException e) {
            throw new KafkaEndpointException("The file of Kafka properties '" + file + "' does not exist.", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new KafkaEndpointException(
                    "The file of Kafka properties '" + file + "' can't be read; expected lines such as"
                            + " security.protocol=SASL_SSL in UTF-8.",
                    e);
        }
        Map<String, String> merged = new TreeMap<>();
        read.stringPropertyNames().forEach(name -> merged.put(name, read.getProperty(name)));
        merged.putAll(properties);
        return new KafkaConnection(bootstrapServers, merged);
    }

    /// All settings of a client; may hold secrets, and so are never printed.
    public Properties client() {
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return client;
    }

    /// Names of the settings without their values.
    @Override
    public String toString() {
        return bootstrapServers + " with " + properties.keySet();
    }
}
