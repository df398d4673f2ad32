package org.flinkllama.jobs.cluster.standing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.flinkllama.jobs.cluster.ClusterException;
import org.flinkllama.jobs.cluster.FlinkRest;

/// What a JobManager can be asked about jobs.
public final class JobRequests implements AutoCloseable {
    private static final String CANCELED = "CANCELED";
    private static final Set<String> ENDS = Set.of(CANCELED, "FINISHED", "FAILED");
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Pace PACE = new Pace(Duration.ofSeconds(5), Duration.ofMinutes(1));

    private final FlinkRest rest;
    private final Pace pace;

    JobRequests(FlinkRest rest) {
        this(rest, PACE);
    }

    JobRequests(FlinkRest rest, Pace pace) {
        this.rest = rest;
        this.pace = pace;
    }

    /// How long is waited.
    ///
    /// @param report  between two words to the waiting one
    /// @param silence of a JobManager that is taken for gone
    record Pace(Duration report, Duration silence) {}

    /// Told now and then that a job has not ended yet.
    @FunctionalInterface
    public interface Waiting {
        /// @param time since it was asked to
        void goesOn(Duration time) throws InterruptedException;
    }

    /// A job that the JobManager knows.
    ///
    /// @param state Flink's word for it
    public record Job(String id, String name, String state) {}

    /// Sends a job's jar and starts its main class.
    ///
    /// @param arguments of its `main`
    /// @return the job's id
    /// @throws ClusterException where it does not start, with the reason that the jar's own program gives
    public String start(Path jar, List<String> arguments) throws InterruptedException {
        if (!Files.isRegularFile(jar)) {
            throw new ClusterException(
                    "The job's jar '" + jar + "' is not there; build it with 'mvn package', or give option 'jar'.");
        }
        String boundary = "flink-llama-" + UUID.randomUUID();
        JsonNode upload =
                rest.send("POST", "/jars/upload", form(jar, boundary), "multipart/form-data; boundary=" + boundary);
        String file = upload.path("filename").asText();
        String uploaded = "/jars/" + file.substring(file.lastIndexOf('/') + 1);
        try {
            return rest.send("POST", uploaded + "/run", Map.of("programArgsList", arguments))
                    .path("jobid")
                    .asText();
        } finally {
            rest.send("DELETE", uploaded, Map.of());
        }
    }

    /// All jobs since the JobManager began, the newest first.
    public List<Job> jobs() throws InterruptedException {
        List<JsonNode> answers = new ArrayList<>();
        rest.get("/jobs/overview").ifPresent(answer -> answer.path("jobs").forEach(answers::add));
        return answers.stream()
                .sorted((one, other) -> Long.compare(
                        other.path("start-time").asLong(),
                        one.path("start-time").asLong()))
                .map(job -> new Job(
                        job.path("jid").asText(),
                        job.path("name").asText(),
                        job.path("state").asText()))
                .toList();
    }

    /// What the tasks of a job count, by the counters' names; empty where it counts nothing.
    public Map<String, Object> counters(String job) throws InterruptedException {
        Map<String, Object> counters = new HashMap<>();
        rest.get("/jobs/" + job + "/accumulators")
                .ifPresent(answer -> answer.path("user-task-accumulators").forEach(counter -> {
                    if (counter.path("type").asText().equals("LongCounter")) {
                        counters.put(
                                counter.path("name").asText(),
                                counter.path("value").asLong());
                    }
                }));
        return counters;
    }

    /// Ends a job with a savepoint: what it had written is committed, and it can go on from there. Waits as long as
    /// the job takes; Flink gives savepoints up that take longer than the job's checkpoints may.
    ///
    /// @return the savepoint
    public String stop(String job, Waiting waiting) throws InterruptedException {
        String trigger = rest.send("POST", "/jobs/" + job + "/stop", Map.of("drain", false))
                .path("request-id")
                .asText();
        return await("/jobs/" + job + "/savepoints/" + trigger, waiting, answer -> Optional.of(answer)
                .filter(found -> found.at("/status/id").asText().equals("COMPLETED"))
                .map(found -> location(job, found.path("operation"))));
    }

    /// Ends a job where it is: what came after its last checkpoint is lost, and computed again when it goes on.
    /// Waits as long as its tasks take; Flink ends processes whose tasks don't.
    ///
    /// @return that checkpoint
    public String stopAtCheckpoint(String job, Waiting waiting) throws InterruptedException {
        lastCheckpoint(job); // a job without one goes on
        rest.send("PATCH", "/jobs/" + job + "?mode=cancel", Map.of());
        String end = await("/jobs/" + job, waiting, answer -> Optional.of(
                        answer.path("state").asText())
                .filter(ENDS::contains));
        if (!end.equals(CANCELED)) {
            throw new ClusterException("Job " + job + " has come to its own end meanwhile, " + end + ".");
        }
        return lastCheckpoint(job);
    }

    /// Asks until there is an outcome.
    private <T> T await(String path, Waiting waiting, Function<JsonNode, Optional<T>> outcome)
            throws InterruptedException {
        long begun = System.nanoTime();
        long answered = begun;
        long said = begun;
        while (true) {
            Optional<JsonNode> answer = rest.get(path);
            Optional<T> found = answer.flatMap(outcome);
            if (found.isPresent()) {
                return found.get();
            }
            long now = System.nanoTime();
            answered = answer.isPresent() ? now : answered;
            if (now - answered > pace.silence().toNanos()) {
                throw new ClusterException("The JobManager at " + rest.address() + " has said nothing of '" + path
                        + "' for " + pace.silence().toSeconds()
                        + " s; 'flink-llama cluster status' says whether it is alive and how the job is.");
            }
            if (now - said >= pace.report().toNanos()) {
                waiting.goesOn(Duration.ofNanos(now - begun));
                said = now;
            }
            Thread.sleep(POLL);
        }
    }

    private String lastCheckpoint(String job) throws InterruptedException {
        return rest.get("/jobs/" + job + "/checkpoints")
                .map(answer -> answer.at("/latest/completed/external_path").asText(""))
                .filter(path -> !path.isEmpty())
                .orElseThrow(() -> new ClusterException("Job " + job
                        + " has no complete checkpoint to go on from; 'flink-llama cluster status' says how it is."
                        + " Wait for one, or end the job in the web UI."));
    }

    @Override
    public void close() {
        rest.close();
    }

    private static String location(String job, JsonNode operation) {
        if (!operation.has("location")) {
            throw new ClusterException("Job " + job + " did not stop with a savepoint: "
                    + FlinkRest.rootOf(
                            operation.at("/failure-cause/stack-trace").asText())
                    + " A savepoint waits for the records on their way to the model; option 'at-checkpoint' does not."
                    + " 'flink-llama cluster status' says how the job is.");
        }
        return operation.path("location").asText();
    }

    private static BodyPublisher form(Path jar, String boundary) {
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                + jar.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n";
        try {
            return BodyPublishers.concat(
                    BodyPublishers.ofString(head),
                    BodyPublishers.ofFile(jar),
                    BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        } catch (IOException e) {
            throw new ClusterException("The job's jar '" + jar + "' can't be read: " + e.getMessage(), e);
        }
    }
}
