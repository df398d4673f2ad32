package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchCommandITCase {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void printsOneJsonObject() throws Exception {
        Path model = RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf"));
        assertThat(run(
                        "bench",
                        model.toString(),
                        "--threads=1",
                        "--prefill=0",
                        "--batch=2",
                        "--decode-tokens=4",
                        "--repetitions=1",
                        "--warm-up=0s",
                        "--json"))
                .isZero();
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("model").path("file").asText()).isEqualTo(model.toString());
        assertThat(report.path("prefill").size()).isZero();
        assertThat(report.path("decode").size()).isEqualTo(1);
        assertThat(report.path("decode").path(0).path("sequences").asInt()).isEqualTo(2);
        assertThat(report.path("decode")
                        .path(0)
                        .path("tokensPerSecond")
                        .path("median")
                        .asDouble())
                .isPositive();
        assertThat(err.toString()).contains("decoding 2 sequences");
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
