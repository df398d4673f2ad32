package org.flinkllama.jobs.poison;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.Awaitility;
import org.flinkllama.jobs.broker.LocalBroker;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// While the dead-letter topic takes nothing, the job waits and tries again; when it is back, nothing is missing.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DeadLetterTopicDownITCase {
    private static final String GOOD = "{\"id\": \"good\", \"text\": \"The kettle cost 20 euros.\"}";

    @TempDir
    private Path folder;

    @Test
    void losesNothingWhileDeadLettersCanNotBeWritten() throws Exception {
        try (LocalBroker broker = LocalBroker.start();
                CapturedLog log = new CapturedLog()) {
            // A producer usually waits a minute for a topic that is missing.
            EnrichmentJob job = job(new KafkaConnection(broker.bootstrapServers(), Map.of("max.block.ms", "1000")));
            feed(job);
            LocalFlink flink = new LocalFlink(TopicJob.configuration(Duration.ofMillis(500)), 1)
                    .withCheckpoints(folder)
                    .withRestarts();
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            job.build(environment, 60_000);
            try (LocalJob running = LocalJob.start(environment, job.name())) {
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> log.lines().stream()
                        .anyMatch(line -> line.contains("to RESTARTING")));
                try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
                    cluster.create(List.of(job.deadLetters()), 1);
                }
                assertThat(running.ended(Duration.ofMinutes(3))).isTrue();
            }
            assertThat(WatchedJob.read(job, job.deadLetters())).containsOnlyKeys("bad");
            assertThat(WatchedJob.read(job, job.outputs().enrichments())).containsOnlyKeys("good");
        }
    }

    /// Feeds one good record and one bad one. The topic of dead letters is missing.
    private static void feed(EnrichmentJob job) {
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(List.of(job.input().topic(), job.outputs().enrichments()), 1);
        }
        try (RecordFeed feed = new RecordFeed(job.connection(), job.input().topic())) {
            feed.send(bytes("good"), bytes(GOOD), Map.of());
            feed.send(bytes("bad"), bytes("no JSON"), Map.of());
            feed.flush();
        }
    }

    private static EnrichmentJob job(KafkaConnection connection) throws Exception {
        return new EnrichmentJob(
                "outage",
                connection,
                new RecordSource("documents", "outage", RecordSource.Start.EARLIEST, RecordSource.End.NEWEST),
                new Outputs("enrichments", RecordFormat.JSON, "refused"),
                EnrichmentPlan.of(
                        RecordFormat.JSON.documentReader(),
                        EnrichmentOptions.DEFAULT,
                        ReplicaOptions.of(BundledModel.file()).withThreads(2)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
