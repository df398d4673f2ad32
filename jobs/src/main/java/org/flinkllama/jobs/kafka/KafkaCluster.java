package org.flinkllama.jobs.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.ClientDnsLookup;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.flinkllama.jobs.names.NearestName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Kafka cluster as a job sees it before it starts: does it answer, are the topics there, what does it allow.
/// Used by one thread.
public final class KafkaCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);
    private static final int CONNECT_MILLISECONDS = 3_000;
    private static final int ANSWER_MILLISECONDS = 15_000;
    private static final int WANTED_TRANSACTION_TIMEOUT = 3_600_000;
    private static final int USUAL_TRANSACTION_LIMIT = 900_000;

    /// Bytes that a dead letter's headers take at most, and to spare.
    private static final int HEADERS = 1 << 16;

    private final Admin admin;
    private final String bootstrapServers;

    private KafkaCluster(Admin admin, String bootstrapServers) {
        this.admin = admin;
        this.bootstrapServers = bootstrapServers;
    }

    /// Connects, or says within seconds that nothing answers.
    public static KafkaCluster connect(KafkaConnection connection) {
        requireAnyBroker(connection.bootstrapServers());
        Properties properties = connection.client();
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(ANSWER_MILLISECONDS));
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(ANSWER_MILLISECONDS));
        try {
            return new KafkaCluster(Admin.create(properties), connection.bootstrapServers());
        } catch (KafkaException e) {
            throw new KafkaEndpointException(
                    "A Kafka client can't be made with these properties: " + rootMessage(e), e);
        }
    }

    /// Names of the topics that this client may see.
    public List<String> topics() {
        return await(admin.listTopics().names(), "list its topics").stream()
                .sorted()
                .toList();
    }

    /// Fails where one of `wanted` is missing, and names the topic that was perhaps meant.
    public void requireTopics(Collection<String> wanted) {
        List<String> present = topics();
        for (String topic : wanted) {
            if (!present.contains(topic)) {
                String advice = NearestName.of(topic, present)
                        .map(near -> "Did you mean '" + near + "'? ")
                        .orElse("");
                throw new KafkaEndpointException("Kafka at " + bootstrapServers + " has no topic '" + topic + "'. "
                        + advice + "Create it, or add --create-topics.");
            }
        }
    }

    /// Creates the topics that are missing, with the broker's own number of replicas.
    ///
    /// @return those that were created
    public List<String> create(Collection<String> wanted, int partitions) {
        List<String> present = topics();
        List<String> missing =
                wanted.stream().filter(topic -> !present.contains(topic)).toList();
        for (String topic : missing) {
            NewTopic created = new NewTopic(topic, Optional.of(partitions), Optional.empty());
            try {
                await(admin.createTopics(List.of(created)).all(), "create topic '" + topic + "'");
            } catch (KafkaEndpointException e) {
                // Another client was faster.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        return missing;
    }

    /// Creates the topic of the records refused from `input`, if it is missing, with room for each and its headers.
    public void createDeadLetters(String topic, String input) {
        if (create(List.of(topic), partitions(input)).isEmpty()) {
            return;
        }
        ConfigResource created = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        ConfigEntry limit =
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(recordLimit(input) + HEADERS));
        await(
                admin.incrementalAlterConfigs(
                                Map.of(created, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                        .all(),
                "set the longest record of topic '" + topic + "'");
    }

    /// What to do where a record that `input` has taken might not fit into `deadLetters` together with the headers
    /// that say why it was refused; empty where every one fits, or where the cluster hides its settings.
    public Optional<String> adviceOnRecordLimits(String input, String deadLetters) {
        try {
            int taken = recordLimit(input);
            int room = recordLimit(deadLetters);
            return room >= taken + HEADERS
                    ? Optional.empty()
                    : Optional.of("Topic '" + deadLetters + "' takes records of up to " + room + " bytes and '" + input
                            + "' of up to " + taken + ": a longer record than fits would stop the job when it is"
                            + " refused. Set max.message.bytes of '" + deadLetters + "' to " + (taken + HEADERS)
                            + ".");
        } catch (KafkaEndpointException e) {
            LOG.warn("Kafka at {} does not tell the longest record of its topics.", bootstrapServers);
            return Optional.empty();
        }
    }

    private int recordLimit(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        ConfigEntry limit = await(
                        admin.describeConfigs(List.of(resource)).all(), "tell the limits of topic '" + topic + "'")
                .get(resource)
                .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return Integer.parseInt(limit.value());
    }

    /// Number of a topic's partitions.
    public int partitions(String topic) {
        return describe(topic).partitions().size();
    }

    /// Eight hexadecimal digits that tell a topic from any other: of another cluster at the same address, or of the
    /// same name before it was deleted and created again. Offsets of one mean nothing in another.
    public String fingerprint(String topic) {
        String cluster = await(admin.describeCluster().clusterId(), "say its id");
        int hash = Objects.hash(cluster, describe(topic).topicId().toString());
        return HexFormat.of().toHexDigits(hash);
    }

    /// Milliseconds that transactions may stay open: an hour, or the broker's limit where that is shorter. Managed
    /// clusters hide their settings; the limit that brokers come with is then the best guess.
    public int transactionTimeout() {
        String limit = "transaction.max.timeout.ms";
        try {
            Collection<Node> brokers = await(admin.describeCluster().nodes(), "list its brokers");
            ConfigResource broker = new ConfigResource(
                    ConfigResource.Type.BROKER, brokers.iterator().next().idString());
            Config settings = await(admin.describeConfigs(List.of(broker)).all(), "tell its limits")
                    .get(broker);
            return Optional.ofNullable(settings.get(limit))
                    .map(ConfigEntry::value)
                    .map(value -> Math.min(WANTED_TRANSACTION_TIMEOUT, Integer.parseInt(value)))
                    .orElse(USUAL_TRANSACTION_LIMIT);
        } catch (KafkaEndpointException e) {
            LOG.warn(
                    "Kafka at {} does not tell {}; {} ms are taken.", bootstrapServers, limit, USUAL_TRANSACTION_LIMIT);
            return USUAL_TRANSACTION_LIMIT;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private TopicDescription describe(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames(), "describe topic '" + topic + "'")
                .get(topic);
    }

    private <T> T await(KafkaFuture<T> answer, String task) {
        try {
            return answer.get(2L * ANSWER_MILLISECONDS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaEndpointException(
                    "Kafka at " + bootstrapServers + " did not " + task + ": " + rootMessage(e.getCause())
                            + " Check the address, the security settings and what this client may do.",
                    e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaEndpointException(
                    "Kafka at " + bootstrapServers + " did not " + task + " within " + 2 * ANSWER_MILLISECONDS / 1000
                            + " s. Check the address and the security settings.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaEndpointException("Interrupted while waiting for Kafka at " + bootstrapServers + ".", e);
        }
    }

    /// Fails fast where no address takes a connection: Kafka's own client would try for a minute.
    private static void requireAnyBroker(String bootstrapServers) {
        List<InetSocketAddress> addresses;
        try {
            addresses = ClientUtils.parseAndValidateAddresses(
                    List.of(bootstrapServers.trim().split("\\s*,\\s*")), ClientDnsLookup.USE_ALL_DNS_IPS);
        } catch (ConfigException e) {
            throw new KafkaEndpointException(
                    "The brokers '" + bootstrapServers + "' can't be used: " + e.getMessage()
                            + ". Give host:port, several separated by commas.",
                    e);
        }
        IOException refusal = null;
        for (InetSocketAddress address : addresses) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLISECONDS);
                return;
            } catch (IOException e) {
                refusal = e;
            }
        }
        throw new KafkaEndpointException(
                "No Kafka broker answers at " + bootstrapServers + " (" + refusal.getMessage()
                        + "). Start it, or give the right --bootstrap-servers.",
                refusal);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return message.endsWith(".") ? message : message + ".";
    }
}
