package org.flinkllama.jobs.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.flinkllama.jobs.bench.documents.DocumentStream;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentBenchITCase {
    private static final Repetitions NO_WARM_UP = new Repetitions(1, Duration.ZERO, Duration.ZERO);

    @TempDir
    private Path folder;

    @Test
    void timesDocumentsThroughTheWholeJob() throws Exception {
        Path file = RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf"));
        try (LlamaModel model = LlamaModel.open(file)) {
            DocumentSpeed speed =
                    new DocumentBench(model, new DocumentStream(5, 2, 100, 50, 6), CacheType.F16).run(1, NO_WARM_UP);

            assertThat(speed.documents()).isEqualTo(5);
            assertThat(speed.promptTokens()).isBetween(95.0, 110.0);
            assertThat(speed.sharedTokens()).isBetween(50, 60);
            assertThat(speed.generatedTokens()).isBetween(1.0, 6.0);
            assertThat(speed.documentsPerSecond()).isPositive();
            assertThat(speed.tokensPerSecond()).isGreaterThan(100 * speed.documentsPerSecond());
        }
    }

    @Test
    void timesCheckpointsWhileThereIsMoreToDoThanCanBeDone() throws Exception {
        Path file = RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf"));
        try (LlamaModel model = LlamaModel.open(file)) {
            CheckpointSpeed speed =
                    new CheckpointBench(model, new CheckpointLoad(Duration.ofSeconds(4), 2, 200), CacheType.F32).run(1);

            assertThat(speed.promptTokens()).isBetween(195.0, 215.0);
            assertThat(speed.documentsPerSecond()).isPositive();
            assertThat(speed.completed()).isPositive();
            assertThat(speed.failed()).isZero();
            assertThat(speed.longestMillis()).isGreaterThanOrEqualTo(speed.medianMillis());
            assertThat(speed.largestBytes()).isPositive();
        }
    }

    @Test
    void countsTheCheckpointsOfTheTimeAskedFor() throws Exception {
        JsonNode answer = new ObjectMapper().readTree("""
                {"history": [
                  {"status": "IN_PROGRESS", "trigger_timestamp": 40, "end_to_end_duration": 9},
                  {"status": "COMPLETED", "trigger_timestamp": 30, "end_to_end_duration": 7, "full_size": 5},
                  {"status": "FAILED", "trigger_timestamp": 25, "end_to_end_duration": 90},
                  {"status": "COMPLETED", "trigger_timestamp": 20, "end_to_end_duration": 3, "full_size": 8},
                  {"status": "COMPLETED", "trigger_timestamp": 10, "end_to_end_duration": 99, "full_size": 99}]}""");
        CheckpointHistory history = CheckpointHistory.of(answer, 20);
        assertThat(history).isEqualTo(new CheckpointHistory(List.of(3L, 7L), 1, 8));
        assertThat(history.percentile(0.5)).isEqualTo(3);
        assertThat(history.percentile(0.99)).isEqualTo(7);
    }

    @Test
    void needsAChatTemplate() throws Exception {
        Path file = RandomModel.tiny(TensorType.Q8_0)
                .metadata("tokenizer.chat_template", "{{ messages }}")
                .write(folder.resolve("bare.gguf"));
        try (LlamaModel model = LlamaModel.open(file)) {
            assertThatThrownBy(() -> new DocumentBench(model, DocumentStream.of(5, 2), CacheType.F32))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("names no chat template that is known");
        }
    }

    @Test
    void refusesNoDocuments() {
        assertThatThrownBy(() -> DocumentStream.of(0, 8)).hasMessage("Option 'documents' is 0; expected 1 or more.");
        assertThatThrownBy(() -> DocumentStream.of(1, 0)).hasMessageContaining("'in-flight' is 0");
    }
}
