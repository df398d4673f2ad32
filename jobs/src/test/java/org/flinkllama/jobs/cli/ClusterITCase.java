package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.cli.Commands.Said;
import org.flinkllama.jobs.cluster.FlinkCommands;
import org.flinkllama.jobs.cluster.FlinkRest;
import org.flinkllama.jobs.cluster.standing.Member;
import org.flinkllama.jobs.cluster.standing.StandingCluster;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.local.Loopback;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands about a cluster, as they are typed, with real processes and the job's jar.
final class ClusterITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> TOPICS = List.of("documents", "enrichments", "refused");
    private static final List<String> CONVERSATION = List.of("turns", "replies", "turns.dead");
    private static final List<String> MORE = List.of("more", "enriched", "more.dead");
    private static final String JAR = Path.of("target", "flink-llama-job.jar").toString();
    private static final String JOB = "Job +(\\w{32})";
    private static final String BRIDGE =
            "The harbour bridge in Port Ellery was opened to traffic again on Saturday after fourteen months of"
                    + " repairs. The works cost 31 million euros. Mayor Ines Calder cut the ribbon.";

    @TempDir
    private Path folder;

    private final List<InputRecord> seen = new ArrayList<>();
    private int port;

    @AfterEach
    void endWhatIsLeft() {
        run("cluster", "down");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void runsJobsFromTheirJar() throws Exception {
        try (LocalBroker broker = LocalBroker.start()) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            port = Loopback.freePorts(1).getFirst();
            done("cluster", "up", "--task-managers=2", "--task-manager-memory=640", "--port=" + port);
            assertThat(run("cluster", "up", "--port=" + port).said()).contains("is up, with 3 processes");

            goesOnAtAnotherParallelism(kafka);
            getsModelsFromElsewhere(kafka);
            saysWhatAProcessLacks(kafka);

            List<Member> members = StandingCluster.find(folder).orElseThrow().members();
            assertThat(members).hasSize(3).allMatch(Member::alive);
            keepsNoClassesOfJobs(members);
            assertThat(done("cluster", "down").said()).contains("Ended jobmanager", "Ended taskmanager-2");
            assertThat(members).noneMatch(Member::alive);
            assertThat(done("cluster", "down").said()).contains("No process of a cluster");
            assertThat(run("cluster", "status").said()).contains("There is no cluster in folder");
        }
    }

    private void goesOnAtAnotherParallelism(KafkaConnection kafka) throws Exception {
        assertThat(enrich(kafka, "--parallelism=1").said()).contains("documents", "--create-topics");
        try (KafkaCluster topics = KafkaCluster.connect(kafka)) {
            topics.create(TOPICS, 2);
        }
        try (RecordFeed feed = new RecordFeed(kafka, "documents");
                CommittedReader reader = new CommittedReader(kafka, TOPICS.subList(1, 3))) {
            feed(feed, 0, 60);
            String job = enrich(kafka, "--parallelism=1").find(JOB);
            await().atMost(PATIENCE).until(() -> read(reader) >= 20);
            feed(feed, 60, 120);
            assertThat(done("cluster", "status").said())
                    .contains("Slots   2, free 1", job + " RUNNING", "jobmanager", "taskmanager-2");

            String savepoint = done("cluster", "stop", job).find("Savepoint +(\\S+)");
            String resumed =
                    enrich(kafka, "--parallelism=2", "--restore=" + savepoint).find(JOB);
            await().atMost(PATIENCE).until(() -> read(reader) >= 120);
            assertThat(done("cluster", "status").said())
                    .contains("Slots   2, free 0", job + " FINISHED", resumed + " RUNNING");
            seen.addAll(reader.poll(Duration.ofSeconds(2)));
            cancel(resumed);
            awaitFreeSlots();
        }
        assertThat(seen).allMatch(record -> record.getTopic().equals("enrichments"));
        assertThat(seen.stream().map(ClusterITCase::key))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 120)
                        .mapToObj(ClusterITCase::documentId)
                        .toList());
    }

    private void cancel(String job) throws InterruptedException {
        try (FlinkRest rest = new FlinkRest(port)) {
            rest.send("PATCH", "/jobs/" + job + "?mode=cancel", Map.of());
        }
    }

    private void awaitFreeSlots() {
        await().atMost(PATIENCE).until(() -> done("cluster", "status").said().contains("Slots   2, free 2"));
    }

    /// A conversation job through REST with a model from the web, and an enrichment job by `flink run` with one from
    /// Flink's distributed cache.
    private void getsModelsFromElsewhere(KafkaConnection kafka) throws Exception {
        Path model = BundledModel.file();
        String sha256 = GgufFile.sha256(model);
        try (KafkaCluster topics = KafkaCluster.connect(kafka)) {
            topics.create(CONVERSATION, 1);
            topics.create(MORE, 1);
        }
        try (ModelServer server = new ModelServer(model);
                RecordFeed turns = new RecordFeed(kafka, "turns");
                RecordFeed documents = new RecordFeed(kafka, "more");
                CommittedReader results =
                        new CommittedReader(kafka, List.of("replies", "turns.dead", "enriched", "more.dead"))) {
            turn(turns, "1", "How much did the works cost?", BRIDGE);
            feed(documents, 0, 10);
            List<String> converse = Stream.concat(
                            job("converse", kafka, CONVERSATION),
                            Stream.of(
                                    "--model=" + server.address(),
                                    "--model-sha256=" + sha256,
                                    "--model-cache=" + folder.resolve("models")))
                    .toList();
            String conversation = submit(JAR, converse.stream(), Stream.of()).find(JOB);
            String shipped = "-Dpipeline.cached-files=name:starter,path:'" + model.toUri() + "'";
            Stream<String> options = Stream.of("--model=cache:starter", "--model-sha256=" + sha256);
            List<String> words = Stream.of(
                            Stream.of("-m", "127.0.0.1:" + port, shipped, JAR), job("enrich", kafka, MORE), options)
                    .flatMap(part -> part)
                    .toList();
            assertThat(FlinkCommands.run(folder.resolve("client"), words)).contains("submitted with JobID");

            seen.clear();
            await().atMost(PATIENCE).until(() -> read(results) >= 11);
            assertThat(values("replies")).singleElement().satisfies(reply -> assertThat(reply)
                    .contains("31 million", "\"conversation-starter/1\""));
            assertThat(values("enriched")).hasSize(10);

            goesOnFromALaterJar(conversation, converse, turns, results);
            assertThat(server.requests()).isEqualTo(1);
        }
        try (Stream<Path> fetched = Files.walk(folder.resolve("models"))) {
            assertThat(fetched.filter(file -> file.endsWith("model.gguf")))
                    .singleElement()
                    .satisfies(file -> assertThat(file).hasSameBinaryContentAs(model));
        }
    }

    private void goesOnFromALaterJar(
            String conversation, List<String> converse, RecordFeed turns, CommittedReader results) throws Exception {
        int before = seen.size();
        String savepoint = done("cluster", "stop", conversation).find("Savepoint +(\\S+)");
        String later = LaterJar.of(Path.of(JAR), folder.resolve("later.jar")).toString();
        submit(later, converse.stream(), Stream.of("--restore=" + savepoint, "--max-tokens=32"))
                .find(JOB);
        turn(turns, "2", "Who cut the ribbon?", "");
        await().atMost(PATIENCE).until(() -> read(results) > before);
        seen.addAll(results.poll(Duration.ofSeconds(1)));
        assertThat(values("replies")).hasSize(2).last().satisfies(reply -> assertThat(reply)
                .as("an answer of the later jar, from the document of the turn before")
                .contains("\"turnId\":\"2\"", "Ines Calder", "\"" + LaterJar.MARK + "starter/1\""));
        assertThat(seen).as("nothing lost or twice").hasSize(before + 1);
    }

    /// Both slots are taken: the job comes to a process that was not told of the Vector API.
    private void saysWhatAProcessLacks(KafkaConnection kafka) throws Exception {
        Path settings = folder.resolve("settings").resolve("taskmanager-1");
        Process without = FlinkCommands.taskManagerWithoutVectors(settings, folder.resolve("logs/without.log"));
        try (FlinkRest rest = new FlinkRest(port)) {
            await().atMost(PATIENCE)
                    .until(() -> done("cluster", "status").said().contains("Slots   3, free 1"));
            String job = enrich(kafka, "--parallelism=1", "--job-name=lacking").find(JOB);
            await().atMost(PATIENCE)
                    .until(() -> done("cluster", "status").said().contains(job + " FAILED"));
            // What is shown of a job may be older than its state.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(FlinkRest.rootOf(trace(rest, job)))
                    .startsWith("The Java process " + without.pid() + " (Java ")
                    .contains("without the module 'jdk.incubator.vector'", "'env.java.opts.all'"));
        } finally {
            without.destroyForcibly().waitFor();
        }
    }

    private static String trace(FlinkRest rest, String job) throws InterruptedException {
        return rest.get("/jobs/" + job + "/exceptions")
                .orElseThrow()
                .at("/exceptionHistory/entries/0/stacktrace")
                .asText();
    }

    /// Where the classes of jobs stayed, a process would be out of metaspace after a few: a JobManager reads each that
    /// comes, twice. Jobs that run have class loaders, too.
    private void keepsNoClassesOfJobs(List<Member> members) throws Exception {
        try (FlinkRest rest = new FlinkRest(port)) {
            for (JsonNode job : rest.get("/jobs").orElseThrow().path("jobs")) {
                if (job.path("status").asText().equals("RUNNING")) {
                    cancel(job.path("id").asText());
                }
            }
        }
        awaitFreeSlots();
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(
                        classLoadersOfJobs(members.getFirst()))
                .isLessThanOrEqualTo(1));
        for (Member taskManager : members.subList(1, members.size())) {
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(
                            classLoadersOfJobs(taskManager))
                    .as(taskManager.name())
                    .isZero());
        }
    }

    private static long classLoadersOfJobs(Member member) throws Exception {
        ask(member, "GC.run");
        Matcher loaders = Pattern.compile("(\\d+) +\\d+ +org\\.apache\\.flink\\.util\\.ChildFirstClassLoader\\s")
                .matcher(ask(member, "GC.class_histogram"));
        return loaders.find() ? Long.parseLong(loaders.group(1)) : 0;
    }

    /// What a process's virtual machine says.
    private static String ask(Member member, String question) throws Exception {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asking = new ProcessBuilder(tool, Long.toString(member.pid()), question)
                .redirectErrorStream(true)
                .start();
        String answer = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asking.waitFor()).as(answer).isZero();
        return answer;
    }

    private Said enrich(KafkaConnection kafka, String... more) {
        return submit(JAR, job("enrich", kafka, TOPICS), Stream.of(more));
    }

    private Said submit(String jar, Stream<String> job, Stream<String> more) {
        Stream<String> words = Stream.of("cluster", "submit", "--jar=" + jar, "--dir=" + folder);
        return Commands.run(Stream.of(words, job, more).flatMap(part -> part).toArray(String[]::new));
    }

    private static Stream<String> job(String name, KafkaConnection kafka, List<String> topics) {
        return Stream.of(
                name,
                name.equals("enrich") ? "--tasks=sentiment" : "--stream-tokens=0",
                "--bootstrap-servers=" + kafka.bootstrapServers(),
                "--input=" + topics.get(0),
                "--output=" + topics.get(1),
                "--dead-letters=" + topics.get(2),
                "--threads=1",
                "--checkpoint-interval=500ms");
    }

    private Said done(String... words) {
        return run(words).done();
    }

    private Said run(String... words) {
        return Commands.run(
                Stream.concat(Stream.of(words), Stream.of("--dir=" + folder)).toArray(String[]::new));
    }

    private int read(CommittedReader reader) throws InterruptedException {
        seen.addAll(reader.poll(Duration.ofMillis(100)));
        return seen.size();
    }

    private static void feed(RecordFeed feed, int from, int to) {
        for (int document = from; document < to; document++) {
            String json = "{\"id\": \"%s\", \"text\": \"The kettle number %d works well and I like it.\"}"
                    .formatted(documentId(document), document);
            feed.send(
                    documentId(document).getBytes(StandardCharsets.UTF_8),
                    json.getBytes(StandardCharsets.UTF_8),
                    Map.of());
        }
        feed.flush();
    }

    private static void turn(RecordFeed feed, String id, String text, String document) {
        String named = document.isEmpty() ? "" : ", \"documentText\": \"" + document + "\"";
        String json = "{\"conversationId\": \"c\", \"turnId\": \"%s\", \"text\": \"%s\"%s}".formatted(id, text, named);
        feed.send("c".getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8), Map.of());
        feed.flush();
    }

    /// What was read of a topic.
    private List<String> values(String topic) {
        return seen.stream()
                .filter(record -> record.getTopic().equals(topic))
                .map(record -> StandardCharsets.UTF_8
                        .decode(record.getValue().duplicate())
                        .toString())
                .toList();
    }

    private static String documentId(int document) {
        return "document-" + document;
    }

    private static String key(InputRecord record) {
        return StandardCharsets.UTF_8.decode(record.getKey().duplicate()).toString();
    }
}
