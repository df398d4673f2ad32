package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Java program on this program's own class path, to be run by the same Java in a process of its own.
///
/// @param main         class whose `main` it runs
/// @param jvmArguments arguments of the virtual machine, beside those that every process of the project needs
/// @param arguments    of the program
public record JavaCommand(String main, List<String> jvmArguments, List<String> arguments) {
    /// For processes that coordinate and hardly compute: they start in half the time and stay small.
    static final List<String> COORDINATOR = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    // The same as in the script's `jvm.args`, but for collector and heap.
    private static final List<String> EVERYWHERE = List.of(
            "--add-modules=jdk.incubator.vector",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+ExitOnOutOfMemoryError",
            // Flink's test jars bring a configuration that says nothing at all, and it would be found first.
            "-Dlog4j2.configurationFile=classpath:org/flinkllama/jobs/cluster/process-log4j2.xml");

    public JavaCommand {
        jvmArguments = List.copyOf(jvmArguments);
        arguments = List.copyOf(arguments);
    }

    /// Starts the process; what it prints and logs is added to `log`.
    public JavaProcess start(String name, Path log) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(EVERYWHERE);
        words.addAll(jvmArguments);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Leash.class.getName(), main));
        words.addAll(arguments);
        try {
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new JavaProcess(name, process, log);
        } catch (IOException e) {
            throw new ClusterException("The process '" + name + "' can't be started: " + e.getMessage(), e);
        }
    }
}
