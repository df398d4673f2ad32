package org.flinkllama.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchTest {
    private final StringWriter progress = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void measuresEverythingThatWasAskedFor() throws Exception {
        Repetitions fast = new Repetitions(2, Duration.ZERO, Duration.ZERO);
        BenchOptions options =
                new BenchOptions(List.of(1, 2), List.of(8, 40), List.of(1, 3), 4, 3, CacheType.F16, fast);
        Path file = RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("model.gguf"));
        JsonNode json;
        try (LlamaModel model = LlamaModel.open(file)) {
            json = new ObjectMapper().valueToTree(new Bench(model, new PrintWriter(progress)).engine(options));
        }

        assertThat(json.path("model").path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(json.path("model").path("type").asText()).isEqualTo("Q8_0");
        assertThat(json.path("model").path("shape").path("layers").asInt()).isEqualTo(2);
        assertThat(json.path("cacheType").asText()).isEqualTo("f16");
        assertThat(json.path("machine").path("processors").asInt()).isPositive();
        assertThat(json.path("machine").path("vectorBits").asInt()).isIn(128, 256, 512);
        assertThat(json.path("machine").path("cpu").asText()).isNotBlank();
        assertThat(json.path("machine").path("java").asText()).contains("25");
        assertThat(json.path("loadBefore").isNumber()).isTrue();
        assertThat(json.path("loadAfter").isNumber()).isTrue();
        assertThat(json.path("memoryRead").findValues("gigabytesPerSecond"))
                .hasSize(2)
                .allMatch(node -> node.asDouble() > 0.1);
        assertThat(json.path("prefill").findValuesAsText("tokens")).containsExactly("8", "40", "8", "40");
        assertThat(json.path("decode").findValuesAsText("sequences")).containsExactly("1", "3", "1", "3");
        assertThat(json.path("decode").findValuesAsText("threads")).containsExactly("1", "1", "2", "2");
        assertThat(json.findValues("tokensPerSecond"))
                .hasSize(8)
                .allMatch(speed -> speed.path("median").asDouble() > 0)
                .allMatch(speed ->
                        speed.path("lowest").asDouble() <= speed.path("median").asDouble())
                .allMatch(speed -> speed.path("repetitions").asInt() == 2);
        assertThat(json.findValues("decoderTokensPerSecond"))
                .hasSize(4)
                .allMatch(speed -> speed.path("median").asDouble() > 0);
        assertThat(json.findValues("shareOfMemoryRead")).hasSize(4).allMatch(share -> share.asDouble() > 0);
        assertThat(progress.toString())
                .contains("on 1 thread: reading a prompt of 40 tokens", "on 2 threads: decoding 3 sequences");
    }

    @Test
    void leavesOutTheEmbeddingWhereAStepReadsNoneOfIt() throws Exception {
        long tied = measured(RandomModel.tiny(TensorType.Q8_0)).stepWeightBytes();
        MeasuredModel separate =
                measured(RandomModel.tiny(TensorType.Q8_0).separateOutput().typeOf("token_embd", TensorType.F32));
        assertThat(separate.stepWeightBytes()).isEqualTo(tied);
        assertThat(separate.parameters())
                .isEqualTo(measured(RandomModel.tiny(TensorType.Q8_0)).parameters() + 300 * 64);
    }

    private MeasuredModel measured(RandomModel random) throws Exception {
        try (LlamaModel model = LlamaModel.open(random.write(folder.resolve("model.gguf")))) {
            return MeasuredModel.of(model);
        }
    }
}
