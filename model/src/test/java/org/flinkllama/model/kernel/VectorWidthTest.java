package org.flinkllama.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Vectors of every width give the bits of the specification. A JVM has one preferred width, so each width gets its
/// own.
class VectorWidthTest {
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void givesTheSpecifiedBitsAtThisWidthInBytes(int bytes) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-XX:MaxVectorSize=" + bytes,
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KernelDigest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String digest = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(digest).isEqualTo(Long.toString(KernelDigest.ofScalar()));
        } finally {
            process.destroyForcibly();
        }
    }
}
