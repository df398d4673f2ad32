package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flinkllama.jobs.cli.Commands;
import org.flinkllama.jobs.cli.Commands.Said;
import org.flinkllama.jobs.cluster.FlinkCommands;
import org.flinkllama.jobs.cluster.FlinkRest;
import org.flinkllama.jobs.cluster.standing.JobRequests;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import org.flinkllama.jobs.local.Loopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A backfill on a cluster of real processes, from the job's jar.
final class ClusterBackfillITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DOCUMENTS = 600;
    private static final String JAR = Path.of("target", "flink-llama-job.jar").toString();

    @TempDir
    private Path folder;

    private int port;

    @BeforeEach
    void writeArchive() throws Exception {
        // Long on their way and short for the model: a savepoint waits until what is on its way has been enriched.
        StringBuilder lines = new StringBuilder("no JSON\n");
        for (int number = 0; number < DOCUMENTS; number++) {
            lines.append("{\"id\": \"%s\", \"text\": \"%s\", \"attributes\": {\"long\": \"%s\"}}\n"
                    .formatted(Archive.id(number), Archive.text(number), "x".repeat(8_000)));
        }
        new Archive(folder.resolve("archive")).write("large.jsonl", lines.toString());
        port = Loopback.freePorts(1).getFirst();
    }

    @AfterEach
    void endWhatIsLeft() {
        cluster("down");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void goesOnWhereItWasStoppedAndWritesWhatTheCommandWrites() throws Exception {
        Path here = folder.resolve("here");
        Commands.run(words(here, "--quiet")).done();
        cluster("up", "--task-managers=2", "--task-manager-memory=1024", "--port=" + port)
                .done();
        Path there = folder.resolve("there");
        String job = submit(there).done().find("Job +(\\w{32})");
        await().atMost(PATIENCE).until(() -> documents(job) >= DOCUMENTS / 10);
        assertThat(cluster("status").done().said()).contains(job + " RUNNING", " %: ", " documents enriched");
        assertBothTaskManagersRead(job);

        String savepoint = cluster("stop", job).done().find("Savepoint +(\\S+)");
        assertThat(documents(job)).isLessThan(DOCUMENTS);
        String second = new Said(0, run(there, "-s", savepoint)).find("submitted with JobID (\\w{32})");
        await().atMost(PATIENCE).until(() -> documents(second) > documents(job));
        String checkpoint = cluster("stop", "--at-checkpoint", second).done().find("Checkpoint +(\\S+)");
        assertThat(Path.of(URI.create(checkpoint))).isDirectory();
        assertThat(documents(second)).isLessThan(DOCUMENTS);
        String resumed = submit(there, "--restore=" + checkpoint).done().find("Job +(\\w{32})");
        awaitState(resumed, "FINISHED");
        assertThat(Archive.written(there)).isEqualTo(Archive.written(here)).hasSize(DOCUMENTS);
        assertThat(Archive.written(there.resolve("rejects"))).singleElement().satisfies(line -> assertThat(line)
                .contains("\"source\":\"large.jsonl\"", "\"record\":1", "\"value\":\"no JSON\""));

        Said anew = submit(there);
        assertThat(anew.code()).isEqualTo(1);
        assertThat(anew.said()).contains("is that of job " + resumed, "--skip-done");
        List<Path> files = Archive.files(there);
        assertRefused(submit(there, "--restore=" + savepoint).said(), resumed);
        assertRefused(run(there, "-s", savepoint), resumed);
        assertThat(Archive.files(there)).isEqualTo(files);
        assertThat(Archive.written(there)).hasSize(DOCUMENTS);

        Said nothingLeft = Commands.run(words(folder.resolve("left"), "--skip-done=" + there));
        assertThat(nothingLeft.done().said()).contains(" 0 documents enriched", DOCUMENTS + " left out");
    }

    /// In one sentence, before anything of the job has begun.
    private static void assertRefused(String said, String resumed) {
        assertThat(said)
                .contains("The job failed: The output folder '", "was taken over by job " + resumed)
                .doesNotContain("Unexpected", "Exception", "\tat ", "Job  ", "JobID");
    }

    /// Of the one large file.
    private void assertBothTaskManagersRead(String job) throws InterruptedException {
        Set<String> readers = new HashSet<>();
        try (FlinkRest rest = new FlinkRest(port)) {
            String source =
                    rest.get("/jobs/" + job).orElseThrow().at("/vertices/0/id").asText();
            JsonNode subtasks = rest.get("/jobs/" + job + "/vertices/" + source + "/subtasks/accumulators")
                    .orElseThrow()
                    .path("subtasks");
            for (JsonNode subtask : subtasks) {
                for (JsonNode counter : subtask.path("user-accumulators")) {
                    if (counter.path("name").asText().equals(BackfillProgress.RECORDS_READ)
                            && counter.path("value").asLong() > 0) {
                        readers.add(subtask.path("endpoint").asText());
                    }
                }
            }
        }
        assertThat(readers).hasSize(2);
    }

    private static String[] words(Path output, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "backfill",
                "--input=" + output.resolveSibling("archive"),
                "--output=" + output,
                "--tasks=sentiment",
                "--threads=1",
                "--max-sequences=4",
                "--checkpoint-interval=500ms"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private Said submit(Path output, String... more) {
        Stream<String> submit = Stream.of("submit", "--dir=" + folder, "--jar=" + JAR);
        return Commands.run(Stream.of(Stream.of("cluster"), submit, Stream.of(onCluster(output, more)))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    /// By Flink's own client.
    private String run(Path output, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("-m", Loopback.HOST + ":" + port));
        words.addAll(List.of(options));
        words.add(JAR);
        words.addAll(List.of(onCluster(output)));
        return FlinkCommands.run(folder.resolve("client"), words);
    }

    private static String[] onCluster(Path output, String... more) {
        return words(
                output,
                Stream.concat(Stream.of("--parallelism=2"), Stream.of(more)).toArray(String[]::new));
    }

    private Said cluster(String... words) {
        return Commands.run(Stream.of(Stream.of("cluster"), Stream.of(words), Stream.of("--dir=" + folder))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    private long documents(String job) throws InterruptedException {
        try (JobRequests requests = StandingCluster.find(folder).orElseThrow().requests()) {
            Map<String, Object> counters = requests.counters(job);
            return counters.get("documents") instanceof Long documents ? documents : 0;
        }
    }

    private void awaitState(String job, String state) {
        await().atMost(PATIENCE).until(() -> cluster("status").done().said().contains(job + " " + state));
    }
}
