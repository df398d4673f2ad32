package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is in the jar that a cluster is given, and what is not.
final class JobJarITCase {
    private static JarFile jar;
    private static List<String> entries;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(Path.of("target", "flink-llama-job.jar").toFile());
        entries = jar.stream().map(JarEntry::getName).toList();
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void leavesOutWhatFlinkHas() {
        assertThat(entries)
                .noneMatch(entry -> entry.startsWith("org/apache/flink/runtime/"))
                .noneMatch(entry -> entry.startsWith("org/apache/flink/streaming/api/"))
                .noneMatch(entry -> entry.startsWith("org/apache/flink/client/"))
                .noneMatch(entry -> entry.startsWith("org/apache/flink/connector/base/"))
                .noneMatch(entry -> entry.startsWith("org/apache/flink/configuration/"));
    }

    @Test
    void bringsNoLoggingOfItsOwn() {
        assertThat(entries)
                .noneMatch(entry -> entry.startsWith("org/slf4j/"))
                .noneMatch(entry -> entry.startsWith("org/apache/logging/"))
                .noneMatch(entry -> entry.startsWith("org/apache/log4j/"))
                .noneMatch(entry -> entry.startsWith("log4j"));
    }

    @Test
    void movesLibrariesAsideThatFlinkMayHaveInAnotherVersion() {
        assertThat(entries)
                .noneMatch(entry -> entry.contains("com/fasterxml/"))
                .noneMatch(entry -> entry.startsWith("org/apache/commons/"))
                .noneMatch(entry -> entry.startsWith("picocli/"))
                .contains(
                        "org/flinkllama/shaded/jackson/databind/ObjectMapper.class",
                        "org/flinkllama/shaded/jackson/dataformat/csv/CsvMapper.class",
                        "org/flinkllama/shaded/picocli/CommandLine.class",
                        "org/apache/kafka/clients/producer/KafkaProducer.class",
                        "org/apache/kafka/common/security/plain/PlainLoginModule.class",
                        "org/apache/avro/specific/SpecificRecord.class",
                        "org/apache/flink/connector/kafka/sink/KafkaSink.class",
                        "org/apache/flink/formats/avro/typeutils/AvroTypeInfo.class");
    }

    @Test
    void bringsTheModelAndItsPrompts() {
        assertThat(entries)
                .contains(
                        "org/flinkllama/model/llama/starter-q8_0.gguf",
                        "org/flinkllama/operators/task/prompt/instruct-1.properties",
                        "org/flinkllama/operators/conversation/prompt/instruct-1.properties",
                        "org/flinkllama/schemas/v1/InputRecord.class");
    }

    @Test
    void hasEachEntryOnceAndNoSignatures() {
        assertThat(entries)
                .doesNotHaveDuplicates()
                .noneMatch(entry -> entry.matches("META-INF/[^/]*\\.(SF|DSA|RSA)"))
                .contains("META-INF/LICENSE", "META-INF/NOTICE");
    }

    @Test
    void losesNoServiceOfOneLibraryToAnother() throws IOException {
        assertThat(text("META-INF/services/org.apache.flink.table.factories.Factory"))
                .contains("org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory")
                .contains("org.apache.flink.formats.avro.AvroFormatFactory");
        assertThat(text("META-INF/services/org.flinkllama.shaded.jackson.core.ObjectCodec"))
                .contains("org.flinkllama.shaded.jackson.databind.ObjectMapper");
        assertThat(text("META-INF/services/org.apache.kafka.common.config.provider.ConfigProvider"))
                .contains("org.apache.kafka.common.config.provider.FileConfigProvider");
    }

    @Test
    void beginsWithTheEntryForClusters() throws IOException {
        assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class")).isEqualTo(JobMain.class.getName());
        assertThat(entries).contains(JobMain.class.getName().replace('.', '/') + ".class");
    }

    private static String text(String entry) throws IOException {
        assertThat(entries).contains(entry);
        try (InputStream content = jar.getInputStream(jar.getJarEntry(entry))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
