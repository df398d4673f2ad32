package org.flinkllama.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flinkllama.jobs.cli.JobMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The image's recipe and the manifest that runs it, as far as they can be read without running them.
final class ImageTest {
    @ParameterizedTest
    @ValueSource(strings = {"flink.version", "log4j.version"})
    void hasTheVersionsOfTheBuild(String property) throws IOException {
        assertThat(version("deploy/flink-lib/pom.xml", property)).isEqualTo(version("pom.xml", property));
    }

    @Test
    void copiesFilesThatAreThere() throws IOException {
        List<String> copies = Files.readAllLines(Yaml.file("deploy/Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY ") && !line.contains("--from"))
                .map(line -> line.replaceAll("--\\S+ ", "").split(" ")[1])
                .toList();
        assertThat(copies).hasSizeGreaterThanOrEqualTo(3).allSatisfy(path -> assertThat(Yaml.file(path))
                .exists());
    }

    @Test
    void buildsOnAJdkThatTheProjectIsCompiledFor() throws IOException {
        String release = version("pom.xml", "maven.compiler.release");
        assertThat(Files.readAllLines(Yaml.file("deploy/Dockerfile")))
                .filteredOn(line -> line.startsWith("FROM "))
                .hasSize(2)
                .allMatch(line -> line.contains("temurin") && line.contains(release));
    }

    @Test
    void isRunByTheOperatorAsTheManifestSays() throws IOException {
        List<JsonNode> documents = Yaml.documents("deploy/kubernetes/enrich.yml");
        JsonNode spec = documents.stream()
                .filter(document -> document.path("kind").asText().equals("FlinkDeployment"))
                .findFirst()
                .orElseThrow()
                .path("spec");
        String[] flink = version("pom.xml", "flink.version").split("\\.");
        assertThat(spec.path("flinkVersion").asText()).isEqualTo("v" + flink[0] + "_" + flink[1]);
        assertThat(spec.at("/job/entryClass").asText()).isEqualTo(JobMain.class.getName());
        assertThat(spec.at("/job/jarURI").asText()).isEqualTo("local:///opt/flink/usrlib/flink-llama-job.jar");
        assertThat(Files.readString(Yaml.file("deploy/Dockerfile"))).contains(" /opt/flink/usrlib/flink-llama-job.jar");
        assertThat(spec.path("image").asText())
                .isEqualTo(Yaml.read("docker-compose.yml")
                        .at("/services/jobmanager/image")
                        .asText());
    }

    @Test
    void givesTheJobOptionsThatItKnowsAndAModelThatItCanFetch() throws IOException {
        JsonNode deployment = Yaml.documents("deploy/kubernetes/enrich.yml").getLast();
        List<String> words = new ArrayList<>();
        deployment.at("/spec/job/args").forEach(word -> words.add(word.asText()));
        words.set(words.indexOf("--parallelism") + 1, "0");
        assertThatThrownBy(() -> JobMain.main(words.toArray(String[]::new)))
                .hasMessageContaining("Option 'parallelism' is 0");
        List<String> mounts = deployment.findValuesAsText("mountPath");
        assertThat(mounts).contains(words.get(words.indexOf("--model-cache") + 1));
        assertThat(words).contains("--model", "--model-sha256");
    }

    @Test
    void mountsClaimsThatAreMade() throws IOException {
        List<JsonNode> documents = Yaml.documents("deploy/kubernetes/enrich.yml");
        List<String> claims = documents.stream()
                .filter(document -> document.path("kind").asText().equals("PersistentVolumeClaim"))
                .map(document -> document.at("/metadata/name").asText())
                .toList();
        JsonNode pod = documents.getLast().at("/spec/podTemplate/spec");
        assertThat(pod.findValuesAsText("claimName")).containsExactlyInAnyOrderElementsOf(claims);
        List<String> volumes = pod.path("volumes").findValuesAsText("name");
        assertThat(pod.at("/containers/0/volumeMounts").findValuesAsText("name"))
                .containsExactlyInAnyOrderElementsOf(volumes);
    }

    private static String version(String pom, String property) throws IOException {
        Matcher version =
                Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)<").matcher(Files.readString(Yaml.file(pom)));
        assertThat(version.find()).as(property + " in " + pom).isTrue();
        return version.group(1);
    }
}
