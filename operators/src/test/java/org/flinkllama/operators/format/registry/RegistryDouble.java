package org.flinkllama.operators.format.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A schema registry on this machine, as far as its REST API is used here, with the faults that a test gives it.
final class RegistryDouble implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<Integer, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Integer>> subjects = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile int troubles;
    private volatile int trouble;
    private volatile boolean readOnly;
    private volatile String authorization;

    RegistryDouble() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Requests so far, method and path.
    List<String> requests() {
        return List.copyOf(requests);
    }

    RegistryDouble has(int id, String schema) {
        return answers(id, json(Map.of("schema", schema)));
    }

    RegistryDouble answers(int id, String body) {
        answers.put(id, body);
        return this;
    }

    RegistryDouble inTrouble(int status, int times) {
        trouble = status;
        troubles = times;
        return this;
    }

    RegistryDouble readOnly() {
        readOnly = true;
        return this;
    }

    RegistryDouble wants(String header) {
        authorization = header;
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestMethod() + " " + path);
        if (troubles > 0) {
            troubles--;
            send(exchange, trouble, "{\"error_code\": 50001, \"message\": \"no\"}");
        } else if (authorization != null
                && !authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"error_code\": 401}");
        } else if (path.equals("/subjects")) {
            send(exchange, 200, "[]");
        } else if (path.startsWith("/schemas/ids/")) {
            String known = answers.get(Integer.parseInt(path.substring("/schemas/ids/".length())));
            send(exchange, known == null ? 404 : 200, known == null ? "{\"error_code\": 40403}" : known);
        } else if (path.startsWith("/subjects/")) {
            subject(exchange, path, JSON.readTree(body).path("schema").asText());
        } else {
            send(exchange, 404, "<html>no such page</html>");
        }
    }

    private void subject(HttpExchange exchange, String path, String schema) throws IOException {
        boolean registers = path.endsWith("/versions");
        Map<String, Integer> ids = subjects.computeIfAbsent(path.split("/")[2], name -> new HashMap<>());
        if (registers && readOnly) {
            send(exchange, 409, "{\"error_code\": 409}");
        } else if (registers || ids.containsKey(schema)) {
            send(exchange, 200, json(Map.of("id", ids.computeIfAbsent(schema, added -> 300 + subjects.size()))));
        } else {
            send(exchange, 404, "{\"error_code\": 40401}");
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
