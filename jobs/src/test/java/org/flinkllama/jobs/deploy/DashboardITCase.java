package org.flinkllama.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
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
import org.flinkllama.jobs.local.Loopback;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the dashboard asks Prometheus for, against what a running job exposes to it.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DashboardITCase {
    private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "dashboards", "flink-llama.json");
    private static final Pattern SELECTOR = Pattern.compile("flink_[A-Za-z0-9_]+(?:\\{[^}]*})?");
    private static final List<String> PROMISED = List.of(
            "inference_requests",
            "inference_requests_success",
            "inference_requests_failure",
            "inference_latency",
            "promptTokens",
            "completionTokens",
            "sequencesRunning",
            "sequencesWaiting",
            "kvPagesUsed",
            "prefixCacheHitTokens",
            "tokensPerSecond",
            "timeToFirstToken");

    @TempDir
    private Path folder;

    @Test
    void asksForNothingThatARunningJobDoesNotExpose() throws Exception {
        Set<String> selectors = selectors();
        assertThat(selectors).hasSizeGreaterThan(20);
        int port = Loopback.freePorts(1).getFirst();
        try (LocalBroker broker = LocalBroker.start();
                HttpClient prometheus = HttpClient.newHttpClient()) {
            EnrichmentJob job = job(broker);
            int timeout = prepare(job);
            LocalFlink flink =
                    new LocalFlink(settings(port), 1).withCheckpoints(folder).withoutRestarts();
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            job.build(environment, timeout);
            try (LocalJob running = LocalJob.start(environment, job.name())) {
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> {
                            Exposition exposed = scrape(prometheus, port);
                            assertThat(selectors).allMatch(exposed::has);
                            assertThat(PROMISED)
                                    .map(name -> "flink_taskmanager_job_task_operator_" + name)
                                    .allMatch(exposed::has);
                            assertThat(exposed.samples()).noneMatch(DashboardITCase::tellsText);
                        });
                assertThat(running.ended(Duration.ofMillis(1))).isFalse();
            }
        }
    }

    private static boolean tellsText(Exposition.Sample sample) {
        return sample.labels().values().stream().anyMatch(value -> value.contains("kettle"));
    }

    /// All selectors of the dashboard's panels, with its variable set to any job.
    private static Set<String> selectors() throws IOException {
        Set<String> selectors = new TreeSet<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Matcher selector = SELECTOR.matcher(target.path("expr").asText().replace("$job", ".+"));
                while (selector.find()) {
                    selectors.add(selector.group());
                }
            }
        }
        return selectors;
    }

    private static Exposition scrape(HttpClient prometheus, int port) throws Exception {
        return Exposition.parse(prometheus
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    private static Configuration settings(int port) {
        Configuration settings = TopicJob.configuration(Duration.ofMillis(500));
        settings.setString("metrics.reporters", "prom");
        settings.setString(
                "metrics.reporter.prom.factory.class", "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        settings.setString("metrics.reporter.prom.port", Integer.toString(port));
        return settings;
    }

    /// @return milliseconds that a transaction may stay open
    private static int prepare(EnrichmentJob job) {
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            cluster.create(job.topics(), 1);
            try (RecordFeed feed = new RecordFeed(job.connection(), job.input().topic())) {
                for (String value : List.of("{\"id\": \"a\", \"text\": \"The kettle works.\"}", "no document")) {
                    feed.send(null, value.getBytes(StandardCharsets.UTF_8), Map.of());
                }
                feed.flush();
            }
            return cluster.transactionTimeout();
        }
    }

    private static EnrichmentJob job(LocalBroker broker) throws IOException {
        return new EnrichmentJob(
                "watched",
                KafkaConnection.to(broker.bootstrapServers()),
                new RecordSource("documents", "watched", RecordSource.Start.EARLIEST, RecordSource.End.NEVER),
                new Outputs("enrichments", RecordFormat.JSON, "refused"),
                EnrichmentPlan.of(
                        RecordFormat.JSON.documentReader(),
                        EnrichmentOptions.DEFAULT,
                        ReplicaOptions.of(BundledModel.file()).withThreads(2)));
    }
}
