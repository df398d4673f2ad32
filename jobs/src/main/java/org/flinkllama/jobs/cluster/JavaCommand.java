package org.flinkllama.jobs.cluster;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,org.flinkllama.model.kernel.*::*,0.1",
            "-XX:+ExitOnOutOfMemoryError");
    private static final String LOGGING = "process-log4j2.xml";

    public JavaCommand {
        jvmArguments = List.copyOf(jvmArguments);
        arguments = List.copyOf(arguments);
    }

    /// Starts the process; what it prints and logs is added to `log`.
    public JavaProcess start(String name, Path log) {
        // Flink's test jars bring a configuration that says nothing at all, and it would be found first.
        List<String> words = words("classpath:org/flinkllama/jobs/cluster/" + LOGGING);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Leash.class.getName(), main));
        return start(name, log, words, ProcessBuilder.Redirect.PIPE);
    }

    /// Starts the process on Flink's own jars alone, as jobs meet them that come as a jar. It does not end with
    /// this one.
    public JavaProcess startDetached(String name, Path log) {
        List<String> words = words(logging(log.resolveSibling(LOGGING)).toString());
        words.addAll(List.of("-Dlog.file=" + log, "-cp", FlinkJars.classPath(), main));
        return start(name, log, words, ProcessBuilder.Redirect.from(new File("/dev/null")));
    }

    private List<String> words(String logging) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(EVERYWHERE);
        words.add("-Dlog4j2.configurationFile=" + logging);
        words.addAll(jvmArguments);
        return words;
    }

    private JavaProcess start(String name, Path log, List<String> words, ProcessBuilder.Redirect input) {
        words.addAll(arguments);
        try {
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(input)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new JavaProcess(name, process, log);
        } catch (IOException e) {
            throw new ClusterException("The process '" + name + "' can't be started: " + e.getMessage(), e);
        }
    }

    private static Path logging(Path file) {
        try (InputStream resource = JavaCommand.class.getResourceAsStream(LOGGING)) {
            Files.createDirectories(file.getParent());
            Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new ClusterException("The file '" + file + "' can't be written: " + e.getMessage(), e);
        }
    }
}
