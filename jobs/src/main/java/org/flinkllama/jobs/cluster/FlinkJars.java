package org.flinkllama.jobs.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of this program's class path a Flink installation has. Whatever a job's jar brings must not be there: Flink
/// takes classes of its own packages, connectors among them, from its installation first.
final class FlinkJars {
    private static final List<String> BROUGHT_BY_JOBS =
            List.of("flink-llama", "flink-connector-kafka", "flink-avro", "avro-", "kafka", "jackson-", "picocli");

    private FlinkJars() {}

    static String classPath() {
        return of(System.getProperty("java.class.path"));
    }

    static String of(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> isFlinks(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isFlinks(String file) {
        return file.endsWith(".jar")
                && !file.endsWith("-tests.jar")
                && BROUGHT_BY_JOBS.stream().noneMatch(file::startsWith);
    }
}
