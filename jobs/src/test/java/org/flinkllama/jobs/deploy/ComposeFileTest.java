package org.flinkllama.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What can be said of the compose file without running it.
final class ComposeFileTest {
    private static final Set<String> KEYS = Set.of("name", "services", "volumes", "x-flink");
    private static final Set<String> SERVICE_KEYS = Set.of(
            "image",
            "build",
            "command",
            "ports",
            "environment",
            "volumes",
            "depends_on",
            "healthcheck",
            "restart",
            "deploy");

    private static JsonNode compose;

    @BeforeAll
    static void read() throws IOException {
        compose = Yaml.read("docker-compose.yml");
    }

    @Test
    void hasEveryServiceThatIsPromised() {
        assertThat(compose.path("services").fieldNames())
                .toIterable()
                .contains("kafka", "schema-registry", "jobmanager", "taskmanager", "prometheus", "grafana");
    }

    @Test
    void usesKnownKeysAlone() {
        assertThat(compose.fieldNames()).toIterable().isSubsetOf(KEYS);
        assertThat(services())
                .allSatisfy(service ->
                        assertThat(service.getValue().fieldNames()).toIterable().isSubsetOf(SERVICE_KEYS));
    }

    @Test
    void pinsTheTagOfEveryImage() {
        assertThat(services()).allSatisfy(service -> assertThat(
                        service.getValue().path("image").asText())
                .matches("[a-z0-9./-]+:v?\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void knowsTheHealthOfEveryServiceThatStays() {
        assertThat(services())
                .filteredOn(
                        service -> service.getValue().path("restart").asText().equals("unless-stopped"))
                .hasSizeGreaterThanOrEqualTo(6)
                .allSatisfy(service -> {
                    JsonNode check = service.getValue().path("healthcheck");
                    assertThat(check.path("test").path(0).asText()).startsWith("CMD");
                    assertThat(check.path("retries").asInt()).isPositive();
                });
    }

    @Test
    void dependsOnServicesThatHaveAHealthCheck() {
        assertThat(services()).allSatisfy(service -> service.getValue()
                .path("depends_on")
                .properties()
                .forEach(dependency -> {
                    JsonNode other = compose.path("services").path(dependency.getKey());
                    assertThat(dependency.getValue().path("condition").asText()).isEqualTo("service_healthy");
                    assertThat(other.has("healthcheck")).as(dependency.getKey()).isTrue();
                }));
    }

    @Test
    void namesFilesAndVolumesThatAreThere() {
        Set<String> used = new HashSet<>();
        for (Map.Entry<String, JsonNode> service : services()) {
            for (JsonNode volume : service.getValue().path("volumes")) {
                String source = volume.asText().split(":")[0];
                if (!source.startsWith(".")) {
                    used.add(source);
                } else if (!source.equals("./models")) {
                    assertThat(Yaml.file(source)).exists();
                }
            }
            String dockerfile =
                    service.getValue().path("build").path("dockerfile").asText();
            assertThat(dockerfile.isEmpty() || Yaml.file(dockerfile).toFile().isFile())
                    .isTrue();
        }
        assertThat(compose.path("volumes").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void opensEachPortOnceAndToThisMachineAlone() {
        List<String> ports = new ArrayList<>();
        services().forEach(service -> service.getValue().path("ports").forEach(port -> ports.add(port.asText())));
        assertThat(ports).hasSizeGreaterThanOrEqualTo(5).allMatch(port -> port.startsWith("127.0.0.1:"));
        assertThat(ports.stream().map(port -> port.split(":")[1])).doesNotHaveDuplicates();
    }

    @Test
    void scrapesServicesAndPortsThatThereAre() throws IOException {
        JsonNode job = Yaml.read("deploy/prometheus/prometheus.yml")
                .path("scrape_configs")
                .path(0);
        String port = Yaml.read("deploy/conf/config.yaml")
                .at("/metrics/reporter/prom/port")
                .asText();
        assertThat(job.at("/static_configs/0/targets/0").asText()).isEqualTo("jobmanager:" + port);
        assertThat(job.at("/dns_sd_configs/0/names/0").asText()).isEqualTo("taskmanager");
        assertThat(job.at("/dns_sd_configs/0/port").asText()).isEqualTo(port);
        assertThat(compose.at("/services/taskmanager/healthcheck/test/3").asText())
                .isEqualTo(port);
    }

    @Test
    void showsTheDashboardFromTheDataSourceThatIsProvisioned() throws IOException {
        JsonNode source = Yaml.read("deploy/grafana/provisioning/datasources/prometheus.yml")
                .at("/datasources/0");
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        JsonNode dashboard = Yaml.read("deploy/grafana/dashboards/flink-llama.json");
        assertThat(dashboard.findValuesAsText("uid"))
                .contains(source.path("uid").asText());
        String folder = Yaml.read("deploy/grafana/provisioning/dashboards/flink-llama.yml")
                .at("/providers/0/options/path")
                .asText();
        assertThat(compose.at("/services/grafana/volumes/1").asText())
                .isEqualTo("./deploy/grafana/dashboards:" + folder + ":ro");
    }

    private static List<Map.Entry<String, JsonNode>> services() {
        return List.copyOf(compose.path("services").properties());
    }
}
