package org.flinkllama.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/// A job on a cluster. It outlives the JobManager that took it.
public final class ClusterJob {
    private static final int ANSWER_SECONDS = 120;

    private final JobClient client;
    private final FlinkRest rest;

    ClusterJob(JobClient client, FlinkRest rest) {
        this.client = client;
        this.rest = rest;
    }

    public String id() {
        return client.getJobID().toHexString();
    }

    /// Flink's word for the job's state; empty while no JobManager knows it.
    public Optional<String> state() throws InterruptedException {
        return rest.get("/jobs/" + id()).map(job -> job.path("state").asText());
    }

    /// Whether each task of it runs.
    public boolean allTasksRun() throws InterruptedException {
        return rest.get("/jobs/" + id()).map(ClusterJob::allTasksRun).orElse(false);
    }

    /// Checkpoints since its JobManager took it; empty while none does.
    public Optional<Checkpoints> checkpoints() throws InterruptedException {
        return rest.get("/jobs/" + id() + "/checkpoints")
                .map(answer -> answer.path("counts"))
                .map(Checkpoints::of);
    }

    /// @param completed checkpoints and savepoints
    /// @param failed    checkpoints
    /// @param restored  times that the job began from one
    public record Checkpoints(int completed, int failed, int restored) {
        private static Checkpoints of(JsonNode counts) {
            return new Checkpoints(
                    counts.path("completed").asInt(),
                    counts.path("failed").asInt(),
                    counts.path("restored").asInt());
        }
    }

    /// What each subtask of its operators counts under some names since it last began, by a name of the counter
    /// that is its own among those of all jobs; nothing of those that no JobManager has heard of.
    public Map<String, Long> counters(Set<String> names) throws InterruptedException {
        Map<String, Long> counters = new HashMap<>();
        for (JsonNode vertex : ask("/jobs/" + id()).path("vertices")) {
            String metrics = "/jobs/" + id() + "/vertices/" + vertex.path("id").asText() + "/metrics";
            List<String> wanted = new ArrayList<>();
            for (JsonNode metric : ask(metrics)) {
                String name = metric.path("id").asText();
                if (names.contains(name.substring(name.lastIndexOf('.') + 1))) {
                    wanted.add(URLEncoder.encode(name, StandardCharsets.UTF_8));
                }
            }
            if (!wanted.isEmpty()) {
                for (JsonNode metric : ask(metrics + "?get=" + String.join(",", wanted))) {
                    counters.put(
                            metrics + "/" + metric.path("id").asText(),
                            metric.path("value").asLong());
                }
            }
        }
        return counters;
    }

    private JsonNode ask(String path) throws InterruptedException {
        return rest.get(path).orElseGet(MissingNode::getInstance);
    }

    /// Ends it with a savepoint in `folder`: what it had written is committed, and it can go on from there.
    ///
    /// @return the savepoint
    public Path stopWithSavepoint(Path folder) throws InterruptedException {
        String savepoint = answer(
                "stop with a savepoint",
                client.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL));
        return Path.of(URI.create(savepoint));
    }

    /// Ends it as it is.
    public void cancel() throws InterruptedException {
        answer("be cancelled", client.cancel());
    }

    private <T> T answer(String request, CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new ClusterException(
                    "Job " + id() + " did not " + request + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new ClusterException("Job " + id() + " did not " + request + " within " + ANSWER_SECONDS + " s.", e);
        }
    }

    private static boolean allTasksRun(JsonNode job) {
        JsonNode vertices = job.path("vertices");
        for (JsonNode vertex : vertices) {
            if (vertex.path("tasks").path("RUNNING").asInt()
                    != vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return !vertices.isEmpty();
    }
}
