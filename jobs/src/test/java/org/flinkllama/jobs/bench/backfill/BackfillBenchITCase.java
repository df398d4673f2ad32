package org.flinkllama.jobs.bench.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.flinkllama.jobs.bench.documents.DocumentStream;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackfillBenchITCase {
    private final StringWriter progress = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void comparesABackfillWithTheEngineOnTheSameDocuments() throws Exception {
        Path file = RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf"));
        try (LlamaModel model = LlamaModel.open(file)) {
            BackfillSpeed speed = new BackfillBench(
                            model, new DocumentStream(20, 4, 120, 60, 6), CacheType.F16, new PrintWriter(progress))
                    .run(1, new Repetitions(2, Duration.ZERO, Duration.ZERO));

            assertThat(speed.documents()).isEqualTo(20);
            assertThat(speed.promptTokens()).isBetween(110.0, 130.0);
            assertThat(speed.sharedTokens()).isBetween(60, 70);
            assertThat(speed.generatedTokens()).isBetween(1.0, 6.0);
            assertThat(speed.share().repetitions()).isEqualTo(2);
            assertThat(speed.share().lowest())
                    .isBetween(
                            speed.backfillTokensPerSecond().lowest()
                                    / speed.engineTokensPerSecond().highest(),
                            speed.backfillTokensPerSecond().highest()
                                    / speed.engineTokensPerSecond().lowest());
            assertThat(progress.toString()).contains("engine: ", "20 documents enriched", "backfill: ");
        }
    }
}
