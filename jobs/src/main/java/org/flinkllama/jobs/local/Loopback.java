package org.flinkllama.jobs.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// The interface that only this machine reaches; everything that the project starts listens there and nowhere else.
public final class Loopback {
    public static final String HOST = "127.0.0.1";

    private Loopback() {}

    /// Ports that were free a moment ago, for servers whose port must be known before they start.
    public static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int socket = 0; socket < count; socket++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getByName(HOST)));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "This machine has no " + count + " free ports on " + HOST + "; end a process that listens there.",
                    e);
        } finally {
            sockets.forEach(Loopback::close);
        }
    }

    /// Whether nobody listens there.
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("A socket on " + HOST + " could not be closed.", e);
        }
    }
}
