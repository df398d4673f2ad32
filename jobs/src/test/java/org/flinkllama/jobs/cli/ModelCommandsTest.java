package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands about models, on the bundled one.
final class ModelCommandsTest {
    private static final int VOCABULARY = 4096;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void inspectsAsJson() throws Exception {
        assertThat(run("model", "inspect", "--json")).isZero();
        JsonNode sheet = new ObjectMapper().readTree(out.toString());
        assertThat(sheet.path("architecture").asText()).isEqualTo("llama");
        assertThat(sheet.path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(sheet.path("refusal").isNull()).isTrue();
        assertThat(sheet.path("shape").path("context length").asInt()).isPositive();
        assertThat(sheet.path("cacheBytesPerToken").asLong()).isPositive();
        assertThat(sheet.path("repackedBytes").asLong()).isZero();
        assertThat(sheet.path("tensors").size()).isPositive();
    }

    @Test
    void saysTheMemoryOfRepackedWeights() throws Exception {
        Path file = RandomModel.tiny(TensorType.Q4_0).write(folder.resolve("tiny.gguf"));
        assertThat(run("model", "inspect", file.toString(), "--json")).isZero();
        JsonNode sheet = new ObjectMapper().readTree(out.toString());
        assertThat(sheet.path("repackedBytes").asLong())
                .isBetween(1L, 2 * sheet.path("weightBytes").asLong());
    }

    @Test
    void pullsAModelFromAnAddressAndOpensIt() throws Exception {
        byte[] model = Files.readAllBytes(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, model.length);
                exchange.getResponseBody().write(model);
            }
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/some/M.gguf";
            assertThat(run("model", "pull", address, "--into=" + folder, "--as=mine"))
                    .isZero();
        } finally {
            server.stop(0);
        }
        assertThat(out.toString().strip()).isEqualTo(folder.resolve("mine.gguf").toString());
        assertThat(err.toString()).contains("(100 %)", "checking");
        assertThat(run("model", "inspect", out.toString().strip())).isZero();
    }

    @Test
    void inspectsForPeople() {
        assertThat(run("model", "inspect")).isZero();
        assertThat(out.toString()).contains("usable             yes", "tokenizer", "chat template", "Q8_0");
    }

    @Test
    void tokenizesTheExactTextAsData() throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "A kettle <s>\n");
        assertThat(run("model", "tokenize", "--text-file=" + text)).isZero();
        int[] ids = Arrays.stream(out.toString().strip().split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(ids).hasSizeGreaterThan(3).doesNotContain(1);
    }

    @Test
    void writesTheLogitsOfAllPositionsOrOfTheLast() throws Exception {
        float[] all = logits("all");
        float[] last = logits("last");
        assertThat(all).hasSize(3 * VOCABULARY);
        assertThat(last).isEqualTo(Arrays.copyOfRange(all, 2 * VOCABULARY, 3 * VOCABULARY));
    }

    @Test
    void refusesATokenThatTheModelDoesNotHave() {
        assertThat(run("model", "logits", "--token-ids=1,4096", "--output=" + folder.resolve("x")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Token id 4096 is not in the vocabulary; expected 0 to 4095");
    }

    @Test
    void streamsTextToStandardOutputAndTimesToStandardError() {
        assertThat(run("generate", "--raw", "--prompt=The kettle", "--max-tokens=8"))
                .isZero();
        assertThat(out.toString().strip()).isNotEmpty();
        assertThat(err.toString()).contains("8 tokens generated", "ended by [length]");
    }

    @Test
    void generatesTheSameTextAgain() {
        run("generate", "--prompt=Who?", "--max-tokens=8", "--temperature=1", "--seed=5");
        String first = out.toString();
        assertThat(first.strip()).isNotEmpty();
        assertThat(first).as("the tokenizer's own space in front is left out").doesNotStartWith(" ");
        out.getBuffer().setLength(0);
        run("generate", "--prompt=Who?", "--max-tokens=8", "--temperature=1", "--seed=5");
        assertThat(out.toString()).isEqualTo(first);
    }

    @Test
    void generatesWithKeysAndValuesOfHalfTheSize() {
        assertThat(run("generate", "--prompt=Who?", "--max-tokens=4", "--cache-type=f16"))
                .isZero();
        assertThat(out.toString().strip()).isNotEmpty();
        assertThat(run("generate", "--prompt=Who?", "--cache-type=f61")).isEqualTo(2);
        assertThat(err.toString()).contains("Option 'cache-type' is 'f61'; expected one of [f32, f16].");
    }

    @Test
    void printsSeveralSequencesApart() {
        assertThat(run("generate", "--prompt=Who?", "--max-tokens=4", "--sequences=2"))
                .isZero();
        assertThat(out.toString()).contains("--- 1 of 2 ---", "--- 2 of 2 ---");
    }

    private float[] logits(String positions) throws Exception {
        Path file = folder.resolve(positions);
        assertThat(run("model", "logits", "--token-ids=1,300,17", "--output=" + file, "--positions=" + positions))
                .isZero();
        byte[] bytes = Files.readAllBytes(file);
        float[] logits = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(logits);
        return logits;
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
