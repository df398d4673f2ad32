package org.flinkllama.jobs.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.flinkllama.model.kernel.simd.SimdKernel;

/// What the figures depend on, beside the model.
///
/// @param processors processors that the Java virtual machine may use
/// @param vectorBits bits of a vector in the kernels
public record Machine(String cpu, int processors, int vectorBits, String system, String java) {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    /// The machine that this process runs on.
    static Machine present() throws IOException {
        return new Machine(
                cpuName(),
                Runtime.getRuntime().availableProcessors(),
                SimdKernel.vectorBits(),
                "%s %s %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")),
                "%s %s, %s"
                        .formatted(
                                System.getProperty("java.vendor"),
                                Runtime.version(),
                                System.getProperty("java.vm.name")));
    }

    /// Average of processes that want to run, over the last minute; negative where the system does not say.
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String cpuName() throws IOException {
        if (!Files.isReadable(CPUS)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(CPUS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
