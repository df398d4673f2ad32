package org.flinkllama.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.SpanConstraint;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A generation that is broken off anywhere and resumed elsewhere gives the bits and the calls of one that was not.
class ResumeTest {
    private static final int REQUESTS = 120;

    @TempDir
    private Path folder;

    @Test
    void givesTheSameBytesFromAnyPointOn() throws IOException {
        try (LlamaModel model =
                LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")))) {
            SplittableRandom random = new SplittableRandom(11);
            int resumedInTheMiddle = 0;
            for (int number = 0; number < REQUESTS; number++) {
                Request.Generate request = request(random, model);
                Heard whole = run(model, options(random), request, "a", random);
                List<Request.Sampled> sampled = whole.beginnings(random);
                Heard resumed = run(model, options(random), request.resumedFrom(sampled), "a", random);

                assertThat(resumed.told(request)).as("request %d", number).isEqualTo(whole.told(request));
                assertThat(resumed.bits()).as("request %d", number).isEqualTo(whole.bits());
                resumedInTheMiddle += sampled.stream().anyMatch(beginning -> beginning.tokens().length > 0) ? 1 : 0;
            }
            assertThat(resumedInTheMiddle).isGreaterThan(REQUESTS / 2);
        }
    }

    @Test
    void endsAtOnceWhereNothingWasLeftToDo() throws IOException {
        try (LlamaModel model =
                        LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")));
                Engine engine = new Engine(model, EngineOptions.of(1))) {
            SplittableRandom random = new SplittableRandom(5);
            Request.Generate request = new Request.Generate(
                    random.ints(20, 0, 300).toArray(), SamplingOptions.GREEDY, 2, 6, List.of(), TokenConstraint.NONE);
            Heard whole = run(model, EngineOptions.of(1), request, "", random);
            Heard again = new Heard(2);
            engine.submit(request.resumedFrom(whole.all()), again);

            assertThat(engine.step()).isFalse();
            assertThat(again.bits()).isEqualTo(whole.bits());
        }
    }

    @Test
    void refusesWhatIsNotOfAllSequences() {
        Request.Generate request =
                new Request.Generate(new int[] {1}, SamplingOptions.GREEDY, 2, 6, List.of(), TokenConstraint.NONE);

        assertThatThrownBy(() -> request.resumedFrom(List.of(new Request.Sampled(new int[0], new float[0]))))
                .hasMessageContaining("has the tokens of 1");
        assertThatThrownBy(() -> new Request.Sampled(new int[2], new float[1]))
                .hasMessageContaining("2 tokens and 1 log-probabilities");
    }

    private static EngineOptions options(SplittableRandom random) {
        return new EngineOptions(
                1 + random.nextInt(2), 3 + random.nextInt(4), 1 + random.nextInt(60), 0, 700 + random.nextInt(900));
    }

    private static Request.Generate request(SplittableRandom random, LlamaModel model) {
        int[] prompt = random.ints(1 + random.nextInt(70), 0, 300).toArray();
        SamplingOptions sampling = new SamplingOptions(
                random.nextInt(2),
                random.nextInt(2) * 40,
                random.nextBoolean() ? 0.9f : 1,
                0,
                random.nextBoolean() ? 1.3f : 1,
                random.nextInt());
        List<String> stop = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            stop.add(Character.toString('a' + random.nextInt(26)));
        }
        return new Request.Generate(
                prompt,
                sampling,
                1 + random.nextInt(3),
                1 + random.nextInt(40),
                stop,
                random.nextInt(3) == 0 ? span(prompt, model) : TokenConstraint.NONE);
    }

    private static TokenConstraint span(int[] prompt, LlamaModel model) {
        BitSet everywhere = new BitSet();
        everywhere.set(0, prompt.length);
        int end = model.tokenizer().specialTokens().endOfGeneration().iterator().next();
        return new SpanConstraint(prompt, everywhere, everywhere, List.of(), end);
    }

    /// Runs a request beside others, on an engine that may have seen its beginning before.
    private static Heard run(
            LlamaModel model, EngineOptions options, Request.Generate request, String scope, SplittableRandom random) {
        Heard heard = new Heard(request.sequences());
        try (Engine engine = new Engine(model, options)) {
            if (random.nextBoolean()) {
                engine.submit(request.resumedFrom(List.of()), scope, outcome -> {});
                for (int steps = random.nextInt(30); steps > 0; steps--) {
                    engine.step();
                }
            }
            engine.submit(request, scope, heard);
            while (engine.step()) {
                assertThat(engine.usedPages()).isLessThanOrEqualTo(engine.pageCapacity());
            }
            assertThat(engine.usedPages()).isZero();
        }
        return heard;
    }

    /// What a request told, by sequence.
    private static final class Heard implements RequestListener {
        private final List<List<Token>> tokens = new ArrayList<>();
        private Outcome outcome;

        private record Token(int token, float logProbability, String text) {}

        private Heard(int sequences) {
            for (int sequence = 0; sequence < sequences; sequence++) {
                tokens.add(new ArrayList<>());
            }
        }

        @Override
        public void generated(int sequence, int token, float logProbability, String text) {
            tokens.get(sequence).add(new Token(token, logProbability, text));
        }

        @Override
        public void ended(Outcome end) {
            outcome = end;
        }

        private List<Request.Sampled> beginnings(SplittableRandom random) {
            boolean none = random.nextInt(8) == 0;
            return tokens.stream()
                    .map(all -> sampled(all, none ? 0 : random.nextInt(all.size() + 1)))
                    .toList();
        }

        private List<Request.Sampled> all() {
            return tokens.stream().map(all -> sampled(all, all.size())).toList();
        }

        private static Request.Sampled sampled(List<Token> all, int count) {
            float[] logProbabilities = new float[count];
            for (int token = 0; token < count; token++) {
                logProbabilities[token] = all.get(token).logProbability();
            }
            return new Request.Sampled(
                    all.stream().limit(count).mapToInt(Token::token).toArray(), logProbabilities);
        }

        private List<List<Token>> told(Request.Generate request) {
            assertThat(tokens).hasSize(request.sequences());
            return tokens;
        }

        private List<String> bits() {
            List<String> bits = new ArrayList<>();
            for (Completion completion : ((Outcome.Generated) outcome).completions()) {
                bits.add(Arrays.toString(completion.tokens())
                        + Arrays.toString(completion.logProbabilities())
                        + completion.text()
                        + completion.finishReason());
            }
            return bits;
        }
    }
}
