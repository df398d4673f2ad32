package org.flinkllama.jobs.poison;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A schema registry on this machine that can be down for a while. Takes every schema, each under an id of its own.
public final class RegistryDouble implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final String authorization;
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean down;

    /// @param authorization header that every request must have
    public RegistryDouble(String authorization) throws IOException {
        this.authorization = authorization;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The id of a schema, which is registered.
    int id(String schema) {
        return ids.computeIfAbsent(schema, added -> 100 + ids.size());
    }

    void setDown(boolean isDown) {
        down = isDown;
    }

    /// Requests that it did not answer because it was down.
    int refused() {
        return refused.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (down) {
            refused.incrementAndGet();
            send(exchange, 503, Map.of("error_code", 50003));
        } else if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, Map.of("error_code", 401));
        } else if (path.startsWith("/schemas/ids/")) {
            int id = Integer.parseInt(path.substring("/schemas/ids/".length()));
            String schema = ids.entrySet().stream()
                    .filter(entry -> entry.getValue() == id)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
            send(
                    exchange,
                    schema == null ? 404 : 200,
                    schema == null ? Map.of("error_code", 40403) : Map.of("schema", schema));
        } else if (path.startsWith("/subjects/")) {
            send(
                    exchange,
                    200,
                    Map.of("id", id(JSON.readTree(body).path("schema").asText())));
        } else {
            send(exchange, 200, Map.of());
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
