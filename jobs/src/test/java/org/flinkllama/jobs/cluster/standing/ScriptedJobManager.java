package org.flinkllama.jobs.cluster.standing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.flinkllama.jobs.local.Loopback;

/// Answers each request as it was told to, the last answer for ever; of others it knows nothing.
final class ScriptedJobManager implements AutoCloseable {
    private static final int OK = 200;
    private static final int UNKNOWN = 404;

    private final Map<String, Deque<String>> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    ScriptedJobManager() throws IOException {
        server = HttpServer.create(new InetSocketAddress(Loopback.HOST, 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// @param request method and path
    /// @param json    answers in their order
    ScriptedJobManager answering(String request, String... json) {
        answers.put(request, new ArrayDeque<>(List.of(json)));
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        Deque<String> left = answers.get(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        String json = left == null ? "{\"errors\": [\"Not found.\"]}" : left.size() > 1 ? left.poll() : left.peek();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(left == null ? UNKNOWN : OK, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
