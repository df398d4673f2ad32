package org.flinkllama.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A request's outcome has the same bits alone and in any schedule: whenever it arrives, whatever runs beside it,
/// in chunks, threads and cache sizes of any number, on pages of its own or of an equal beginning.
class RandomSchedulesTest {
    private static final int SCHEDULES = 6;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"Q8_0, F32", "Q4_0, F16", "Q4_K, F32", "Q6_K, F32", "F16, F16"})
    void giveTheBitsOfEachRequestAlone(TensorType type, CacheType cacheType) throws IOException {
        try (LlamaModel model = LlamaModel.open(RandomModel.tiny(type).write(folder.resolve("tiny.gguf")))) {
            SplittableRandom random = new SplittableRandom(type.ordinal());
            List<Request> requests = requests(random);
            List<String> alone = new ArrayList<>();
            for (Request request : requests) {
                alone.add(run(model, new EngineOptions(1, 4, 256, 0, 0, cacheType), List.of(request), random)
                        .getFirst());
            }
            for (int schedule = 0; schedule < SCHEDULES; schedule++) {
                EngineOptions options = new EngineOptions(
                        1 + random.nextInt(3),
                        3 + random.nextInt(8),
                        1 + random.nextInt(100),
                        0,
                        300 + random.nextInt(2000),
                        cacheType);
                assertThat(run(model, options, requests, random))
                        .as("%s, schedule %d: %s", type, schedule, options)
                        .isEqualTo(alone);
            }
        }
    }

    private static List<Request> requests(SplittableRandom random) {
        int[] beginning = random.ints(70, 0, 300).toArray();
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            int[] prompt = random.ints(1 + random.nextInt(130), 0, 300).toArray();
            int shared = Math.min(prompt.length, random.nextInt(90));
            System.arraycopy(beginning, 0, prompt, 0, Math.min(shared, beginning.length));
            if (i % 3 == 0) {
                List<int[]> continuations = new ArrayList<>();
                for (int c = 0; c <= random.nextInt(5); c++) {
                    continuations.add(random.ints(1 + random.nextInt(6), 0, 300).toArray());
                }
                requests.add(new Request.Score(prompt, continuations));
            } else {
                SamplingOptions sampling = new SamplingOptions(i % 2, 50, 0.9f, 0.01f, 1.2f, i);
                requests.add(new Request.Generate(
                        prompt, sampling, 1 + i % 3, 1 + random.nextInt(25), List.of(), TokenConstraint.NONE));
            }
        }
        return requests;
    }

    private static List<String> run(
            LlamaModel model, EngineOptions options, List<Request> requests, SplittableRandom random) {
        String[] bits = new String[requests.size()];
        try (Engine engine = new Engine(model, options)) {
            for (int i = 0; i < bits.length; i++) {
                int index = i;
                String scope = random.nextInt(3) == 0 ? "another" : "";
                engine.submit(requests.get(i), scope, outcome -> bits[index] = bits(outcome));
                for (int steps = random.nextInt(6); steps > 0; steps--) {
                    engine.step();
                }
            }
            while (engine.step()) {
                assertThat(engine.usedPages()).isLessThanOrEqualTo(engine.pageCapacity());
            }
            assertThat(engine.usedPages()).isZero();
        }
        return Arrays.asList(bits);
    }

    private static String bits(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Generated generated ->
                generated.completions().stream()
                        .map(completion ->
                                Arrays.toString(completion.tokens()) + Arrays.toString(completion.logProbabilities()))
                        .toList()
                        .toString();
            case Outcome.Scored scored ->
                scored.logProbabilities().stream()
                        .map(Arrays::toString)
                        .toList()
                        .toString();
            case Outcome.Failed failed -> throw new AssertionError(failed.reason());
        };
    }
}
