package org.flinkllama.jobs.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.flinkllama.jobs.local.Loopback;
import org.flinkllama.jobs.local.TemporaryFolder;

/// A Kafka broker and its controller in this process, reachable from this machine alone.
public final class LocalBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final AutoCloseable files;
    private final int port;

    private LocalBroker(KafkaRaftServer server, AutoCloseable files, int port) {
        this.server = server;
        this.files = files;
        this.port = port;
    }

    /// Starts a broker on a free port, with its files in a temporary folder that [#close()] deletes. Takes seconds.
    public static LocalBroker start() {
        try {
            TemporaryFolder folder = TemporaryFolder.create("flink-llama-broker-");
            try {
                List<Integer> ports = Loopback.freePorts(2);
                return start(folder.path(), ports.get(0), ports.get(1), folder);
            } catch (Exception e) {
                folder.close();
                throw e;
            }
        } catch (Exception e) {
            throw new BrokerException(
                    "The Kafka broker of this process did not start (" + e.getMessage()
                            + "). Check that the folder for temporary files has room and that processes may listen on "
                            + Loopback.HOST + ".",
                    e);
        }
    }

    /// Starts a broker whose files stay in `folder`: started there again, it goes on with what it had, however it
    /// ended.
    public static LocalBroker start(Path folder, int port, int controllerPort) {
        try {
            return start(folder, port, controllerPort, () -> {});
        } catch (Exception e) {
            throw new BrokerException(
                    "The Kafka broker in '" + folder + "' did not start (" + e.getMessage() + "). Check that ports "
                            + port + " and " + controllerPort + " are free and that the folder can be written.",
                    e);
        }
    }

    private static LocalBroker start(Path folder, int port, int controllerPort, AutoCloseable files) throws Exception {
        if (!Files.exists(folder.resolve("meta.properties"))) {
            format(folder);
        }
        KafkaRaftServer server = new KafkaRaftServer(configuration(folder, port, controllerPort), Time.SYSTEM);
        server.startup();
        return new LocalBroker(server, files, port);
    }

    /// Host and port for clients.
    public String bootstrapServers() {
        return Loopback.HOST + ":" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            files.close();
        } catch (Exception e) {
            throw new BrokerException("The broker's temporary folder could not be deleted: " + e.getMessage(), e);
        }
    }

    /// Runs a broker until the process is told to stop; prints its address on a line of its own once it answers.
    ///
    /// @param arguments none, or folder, port and port of the controller of a broker whose files stay
    public static void main(String[] arguments) throws InterruptedException {
        LocalBroker broker = arguments.length == 0
                ? start()
                : start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            broker.close();
            stopped.countDown();
        }));
        System.out.println(broker.bootstrapServers());
        System.out.flush();
        stopped.await();
    }

    private static void format(Path folder) throws Exception {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .setDirectories(new TreeSet<>(List.of(folder.toString())))
                    .setPrintStream(silent)
                    .run();
        }
    }

    private static KafkaConfig configuration(Path folder, int port, int controllerPort) {
        String clients = "PLAINTEXT://" + Loopback.HOST + ":" + port;
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "listeners",
                clients + ",CONTROLLER://" + Loopback.HOST + ":" + controllerPort,
                "advertised.listeners",
                clients,
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                "1@" + Loopback.HOST + ":" + controllerPort,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs",
                folder.toString()));
        // One node: every internal topic has one replica, and a group is assigned at once.
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0"));
        // A topic that nobody created is a mistake; the cleaner's default buffer of 128 MiB has nothing to clean.
        properties.putAll(Map.of(
                "auto.create.topics.enable", "false",
                "message.max.bytes", "16777216",
                "log.cleaner.dedupe.buffer.size", "2097152",
                "num.network.threads", "1",
                "num.io.threads", "2"));
        return new KafkaConfig(properties);
    }
}
