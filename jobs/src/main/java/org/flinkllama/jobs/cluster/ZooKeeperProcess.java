package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.jobs.local.Loopback;

/// A ZooKeeper server of one node, from the jar that Flink brings: it has the server as well as the client, in
/// packages of its own.
final class ZooKeeperProcess {
    private static final String SERVER =
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";
    private static final int CONNECT_MILLISECONDS = 500;

    private final JavaProcess process;
    private final int port;

    private ZooKeeperProcess(JavaProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static ZooKeeperProcess launch(Path folder) throws IOException {
        int port = Loopback.freePorts(1).getFirst();
        Path configuration = Files.createDirectories(folder).resolve("zookeeper.cfg");
        Files.write(
                configuration,
                List.of(
                        "dataDir=" + folder.resolve("data"),
                        "clientPort=" + port,
                        "clientPortAddress=" + Loopback.HOST,
                        // Milliseconds; a session's time-out can't be less than two of them.
                        "tickTime=1000",
                        "admin.enableServer=false"));
        List<String> jvm = new ArrayList<>(JavaCommand.COORDINATOR);
        jvm.add("-Xmx64m");
        JavaProcess process = new JavaCommand(SERVER, jvm, List.of(configuration.toString()))
                .start("zookeeper", folder.resolve("zookeeper.log"));
        return new ZooKeeperProcess(process, port);
    }

    String address() {
        return Loopback.HOST + ":" + port;
    }

    JavaProcess process() {
        return process;
    }

    void awaitReady(Duration patience) throws InterruptedException {
        process.await(this::answers, patience);
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Loopback.HOST, port), CONNECT_MILLISECONDS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
