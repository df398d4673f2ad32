package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// The jar that a cluster is given when Parquet is built in.
final class ParquetJobJarITCase {
    private static final Path JAR = Path.of("target", "flink-llama-job.jar");

    @Test
    void isTheJobJarWithParquetAndWithoutHadoop() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> entries = jar.stream().map(JarEntry::getName).toList();
            assertThat(entries)
                    .doesNotHaveDuplicates()
                    .contains(
                            "org/flinkllama/jobs/cli/JobMain.class",
                            "META-INF/services/org.flinkllama.jobs.archive.file.RecordFiles",
                            "META-INF/services/org.flinkllama.jobs.archive.output.ContainerFormat",
                            "org/flinkllama/jobs/parquet/ParquetRecords.class",
                            "org/flinkllama/shaded/jackson/databind/ObjectMapper.class",
                            "org/apache/parquet/hadoop/ParquetWriter.class")
                    .noneMatch(entry -> entry.startsWith("org/apache/hadoop/"))
                    .noneMatch(entry -> entry.startsWith("org/slf4j/"))
                    .noneMatch(entry -> entry.startsWith("com/fasterxml/"));
        }
    }

    @Test
    void findsTheModuleByItsOwnClassLoader() throws Exception {
        URL[] jar = {JAR.toUri().toURL()};
        List<String> kinds = List.of(
                "org.flinkllama.jobs.archive.file.RecordFiles", "org.flinkllama.jobs.archive.output.ContainerFormat");
        try (URLClassLoader loader = new ChildFirst(jar, getClass().getClassLoader())) {
            for (String kind : kinds) {
                assertThat(ServiceLoader.load(loader.loadClass(kind), loader).findFirst())
                        .as(kind)
                        .hasValueSatisfying(found ->
                                assertThat(found.getClass().getClassLoader()).isSameAs(loader));
            }
        }
    }

    /// As Flink loads a job's classes: the jar's own first, but for Flink's.
    private static final class ChildFirst extends URLClassLoader {
        ChildFirst(URL[] jar, ClassLoader parent) {
            super(jar, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("org.flinkllama.") && !name.startsWith("org.apache.parquet.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
