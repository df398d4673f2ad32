package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Flink's own programs, as somebody starts them who has Flink and the job's jar, with nothing of this project's on
/// their class path.
public final class FlinkCommands {
    private FlinkCommands() {}

    /// The jars of a Flink.
    public static String classPath() {
        return FlinkJars.classPath();
    }

    /// What `flink run -d` prints: the client runs the jar's `main` in a process of its own.
    ///
    /// @param words behind `run -d`
    public static String run(Path folder, List<String> words) throws IOException, InterruptedException {
        List<String> command = java(
                "-XX:TieredStopAtLevel=1",
                "--add-modules=jdk.incubator.vector",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-Dlog4j2.level=OFF", // as Flink's script, which sends the client's log to a file
                "-cp",
                classPath(),
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "-d");
        command.addAll(words);
        Files.write(Files.createDirectories(folder).resolve("config.yaml"), new byte[0]);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FLINK_CONF_DIR", folder.toString());
        Process client = builder.start();
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return client.waitFor() == 0 ? said : "failed: " + said;
    }

    /// A TaskManager whose Java process was told nothing of the Vector API.
    ///
    /// @param settings folder of another TaskManager's settings
    public static Process taskManagerWithoutVectors(Path settings, Path log) throws IOException {
        List<String> command = java(
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                classPath(),
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                "--configDir",
                settings.toString(),
                "-Dtaskmanager.resource-id=without-vectors");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static List<String> java(String... words) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ArrayList<>(Stream.concat(Stream.of(java), Stream.of(words)).toList());
    }
}
