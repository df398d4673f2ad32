package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.local.Loopback;

/// A Kafka broker in a process of its own. Stopped or killed and started again it has the same address and the same
/// records.
public final class BrokerProcess implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final List<Integer> ports;
    private JavaProcess process;
    private int starts;

    private BrokerProcess(Path folder, List<Integer> ports) {
        this.folder = folder;
        this.ports = ports;
    }

    /// A broker with its files in `folder`, on its way: [#awaitReady] says when it answers.
    public static BrokerProcess launch(Path folder) {
        BrokerProcess broker = new BrokerProcess(folder, Loopback.freePorts(2));
        broker.launch();
        return broker;
    }

    public String bootstrapServers() {
        return Loopback.HOST + ":" + ports.getFirst();
    }

    public JavaProcess process() {
        return process;
    }

    public void awaitReady() throws InterruptedException {
        Path log = process.log();
        process.await(() -> says(log, bootstrapServers()), START_PATIENCE);
    }

    /// Starts it again after it was killed or stopped.
    public void restart() throws InterruptedException {
        launch();
        awaitReady();
    }

    /// Lets it put its files in order.
    public void stop() {
        process.askToStop();
        process.awaitEnd(STOP_PATIENCE);
    }

    @Override
    public void close() {
        stop();
    }

    private void launch() {
        starts++;
        List<String> jvm = new ArrayList<>(JavaCommand.COORDINATOR);
        jvm.add("-Xmx256m");
        process = new JavaCommand(
                        LocalBroker.class.getName(),
                        jvm,
                        List.of(
                                folder.resolve("records").toString(),
                                ports.get(0).toString(),
                                ports.get(1).toString()))
                .start("broker", folder.resolve("broker-" + starts + ".log"));
    }

    private static boolean says(Path log, String address) {
        try {
            return Files.exists(log) && Files.readAllLines(log).contains(address);
        } catch (IOException e) {
            throw new ClusterException("The broker's log '" + log + "' can't be read: " + e.getMessage(), e);
        }
    }
}
