package org.flinkllama.jobs.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
import org.flinkllama.jobs.local.TemporaryFolder;

/// A Kafka broker and its controller in this process, reachable from this machine alone.
///
/// Its files live in a temporary folder that [#close()] deletes.
public final class LocalBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final KafkaRaftServer server;
    private final TemporaryFolder folder;
    private final int port;

    private LocalBroker(KafkaRaftServer server, TemporaryFolder folder, int port) {
        this.server = server;
        this.folder = folder;
        this.port = port;
    }

    /// Starts a broker on a free port. Takes seconds.
    public static LocalBroker start() {
        try {
            TemporaryFolder folder = TemporaryFolder.create("flink-llama-broker-");
            try {
                return start(folder);
            } catch (Exception e) {
                folder.close();
                throw e;
            }
        } catch (Exception e) {
            throw new BrokerException(
                    "The Kafka broker of this process did not start (" + e.getMessage()
                            + "). Check that the folder for temporary files has room and that processes may listen on "
                            + HOST + ".",
                    e);
        }
    }

    private static LocalBroker start(TemporaryFolder folder) throws Exception {
        int[] ports = freePorts();
        format(folder.path());
        KafkaRaftServer server = new KafkaRaftServer(configuration(folder.path(), ports[0], ports[1]), Time.SYSTEM);
        server.startup();
        return new LocalBroker(server, folder, ports[0]);
    }

    /// Host and port for clients.
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            folder.close();
        } catch (IOException e) {
            throw new BrokerException(
                    "The broker's folder '" + folder.path() + "' could not be deleted; delete it.", e);
        }
    }

    /// Runs a broker until the process is told to stop; prints its address on a line of its own once it answers.
    public static void main(String[] arguments) throws InterruptedException {
        LocalBroker broker = start();
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
        String clients = "PLAINTEXT://" + HOST + ":" + port;
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "listeners",
                clients + ",CONTROLLER://" + HOST + ":" + controllerPort,
                "advertised.listeners",
                clients,
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                "1@" + HOST + ":" + controllerPort,
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

    /// Two ports that were free a moment ago: the controller's must be known before it starts.
    private static int[] freePorts() throws IOException {
        InetAddress loopback = InetAddress.getByName(HOST);
        try (ServerSocket clients = new ServerSocket(0, 1, loopback);
                ServerSocket controller = new ServerSocket(0, 1, loopback)) {
            return new int[] {clients.getLocalPort(), controller.getLocalPort()};
        }
    }
}
