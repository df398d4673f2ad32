package org.flinkllama.operators.format.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Requests to a registry, tried again where it is in trouble. Bounded in time and in bytes.
final class RegistryRequests {
    static final int MOST_BYTES = 1 << 20;

    private static final String TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration USUAL_ANSWER = Duration.ofSeconds(10);
    private static final List<Duration> USUAL_PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryAccess access;
    private final Duration answer;
    private final List<Duration> pauses;

    /// @param answer time for a whole answer
    /// @param pauses times to wait before each further attempt
    RegistryRequests(RegistryAccess access, Duration answer, List<Duration> pauses) {
        this.access = access;
        this.answer = answer;
        this.pauses = pauses;
    }

    static RegistryRequests usual(RegistryAccess access) {
        return new RegistryRequests(access, USUAL_ANSWER, USUAL_PAUSES);
    }

    /// What a registry says.
    sealed interface Answer {
        record Found(JsonNode body) implements Answer {}

        /// It does not know the id, subject or schema.
        record Unknown() implements Answer {}

        /// More bytes than are read.
        record TooLarge() implements Answer {}

        /// It knows what was asked, and will not have it.
        record Refused(int status) implements Answer {}
    }

    private record Reply(int status, byte[] body) {}

    Answer get(String path) {
        return answer(path, request(path).GET().build());
    }

    Answer post(String path, Object body) {
        try {
            return answer(
                    path,
                    request(path)
                            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                            .build());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("The request can't be written as JSON.", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.url() + path))
                .header("Accept", TYPE + ", application/json")
                .header("Content-Type", TYPE);
        if (!access.authorization().isEmpty()) {
            request.header("Authorization", access.authorization());
        }
        return request;
    }

    private Answer answer(String path, HttpRequest request) {
        for (int attempt = 0; ; attempt++) {
            String trouble;
            try {
                Reply reply = send(request);
                if (reply.status() < 500 && reply.status() != 408 && reply.status() != 429) {
                    return understood(path, reply);
                }
                trouble = "HTTP " + reply.status();
            } catch (IOException e) {
                trouble = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RegistryException("Stopped while the schema registry " + access.url() + " was asked.", e);
            }
            if (attempt == pauses.size()) {
                throw new RegistryException(
                        "The schema registry " + access.url() + " did not answer " + path + " in " + (attempt + 1)
                                + " attempts (" + trouble + "). Nothing is lost: work goes on when it answers.");
            }
            pause(pauses.get(attempt));
        }
    }

    /// One attempt, on connections of its own: a registry is asked a few times in the life of a job.
    private Reply send(HttpRequest request) throws IOException, InterruptedException {
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .build()) {
            Future<Reply> reply = thread.submit(() -> {
                HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
                try (InputStream body = response.body()) {
                    return new Reply(response.statusCode(), body.readNBytes(MOST_BYTES + 1));
                }
            });
            try {
                return reply.get(answer.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new IOException("no answer within " + answer.toMillis() / 1e3 + " s", e);
            } catch (ExecutionException e) {
                throw new IOException(reason(e.getCause()), e.getCause());
            } finally {
                reply.cancel(true);
                client.shutdownNow();
            }
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private Answer understood(String path, Reply reply) {
        if (reply.body().length > MOST_BYTES) {
            return new Answer.TooLarge();
        }
        return switch (reply.status()) {
            case 200 -> new Answer.Found(json(path, reply));
            case 401, 403 ->
                throw new RegistryException("The schema registry " + access.url() + " refuses the credentials (HTTP "
                        + reply.status() + " for " + path + "). Check user, password or token.");
            case 404 -> {
                // A registry says which it does not know; a server that is none says something else.
                int code = json(path, reply).path("error_code").asInt();
                if (code / 100 != 404) {
                    throw strange(path, reply, null);
                }
                yield new Answer.Unknown();
            }
            case 409, 422 -> new Answer.Refused(reply.status());
            default -> throw strange(path, reply, null);
        };
    }

    private JsonNode json(String path, Reply reply) {
        try {
            JsonNode body = JSON.readTree(reply.body());
            if (body.isObject() || body.isArray()) {
                return body;
            }
        } catch (IOException e) {
            throw strange(path, reply, e);
        }
        throw strange(path, reply, null);
    }

    private RegistryException strange(String path, Reply reply, IOException cause) {
        return new RegistryException(
                "The server " + access.url() + " answers " + path + " with HTTP " + reply.status()
                        + " and not as a schema registry does. Check the address of the registry.",
                cause);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException("Stopped while the schema registry was waited for.", e);
        }
    }
}
