package org.flinkllama.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.jobs.local.Loopback;

/// Asks a JobManager. It is no failure that none answers: one may have been killed and the next not be there yet.
public final class FlinkRest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration WORK_PATIENCE = Duration.ofMinutes(3); // a job may reach for a slow Kafka
    private static final int OK = 200;
    private static final String CAUSE = "Caused by: ";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ObjectMapper json = new ObjectMapper();
    private final int port;

    public FlinkRest(int port) {
        this.port = port;
    }

    public String address() {
        return "http://" + Loopback.HOST + ":" + port;
    }

    /// What the JobManager answers; empty where there is none that leads, or it knows nothing of it.
    public Optional<JsonNode> get(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return answer.statusCode() == OK ? Optional.of(json.readTree(answer.body())) : Optional.empty();
        } catch (IOException nobodyThere) {
            return Optional.empty();
        }
    }

    /// What the JobManager answers to a request that changes something.
    ///
    /// @throws ClusterException where it refuses, with its reason
    public JsonNode send(String method, String path, HttpRequest.BodyPublisher body, String type)
            throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(WORK_PATIENCE)
                .header("Content-Type", type)
                .method(method, body)
                .build();
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            JsonNode content = json.readTree(answer.body());
            if (answer.statusCode() / 100 != 2) {
                throw new ClusterException(reason(content));
            }
            return content;
        } catch (IOException e) {
            throw new ClusterException("The JobManager at " + address() + " did not answer: " + e.getMessage(), e);
        }
    }

    /// The same with a JSON object.
    public JsonNode send(String method, String path, Map<String, ?> body) throws InterruptedException {
        String text = json.valueToTree(body).toString();
        return send(method, path, HttpRequest.BodyPublishers.ofString(text), "application/json");
    }

    /// What of a refusal says what to do: Flink sends stack traces.
    static String reason(JsonNode refusal) {
        JsonNode errors = refusal.path("errors");
        return rootOf(errors.path(errors.size() - 1).asText(refusal.toString()));
    }

    /// What the last cause of a stack trace says, where it began.
    public static String rootOf(String trace) {
        int cause = trace.lastIndexOf(CAUSE);
        String begun = cause < 0 ? trace : trace.substring(cause + CAUSE.length());
        int frames = begun.indexOf("\n\tat ");
        String sentence = frames < 0 ? begun : begun.substring(0, frames);
        return sentence.replaceFirst("^([a-z]\\w*\\.)+[A-Z]\\w*(: |$)", "").strip();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
