package org.flinkllama.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong with one request, or is taken back, changes nothing for the others.
class IsolationTest {
    private static final int POISON = 299;

    @TempDir
    private Path folder;

    private LlamaModel model;

    @BeforeEach
    void open() throws IOException {
        model = LlamaModel.open(RandomModel.tiny(TensorType.Q8_0).write(folder.resolve("tiny.gguf")));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void failsOnlyTheRequestAtWhichTheDecoderThrows() {
        Map<Integer, Outcome> outcomes = outcomes(Poison.THROWS, 3);

        assertThat(outcomes.get(3)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .contains("can't be computed", "Scripted to throw"));
        assertNeighboursAreUnharmed(outcomes);
    }

    @Test
    void failsOnlyTheRequestThatGetsNoNumbers() {
        Map<Integer, Outcome> outcomes = outcomes(Poison.GIVES_NAN, 3);

        assertThat(outcomes.get(3)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .contains("NaN instead of numbers"));
        assertNeighboursAreUnharmed(outcomes);
    }

    @Test
    void failsOnlyTheRequestWhoseConstraintThrows() {
        try (Engine engine = engine(Poison.NONE)) {
            Map<Integer, Outcome> outcomes = new TreeMap<>();
            TokenConstraint broken = (generated, count, allowed) -> {
                throw new IllegalStateException("Scripted to refuse.");
            };
            engine.submit(generate(prompt(0), TokenConstraint.NONE), outcome -> outcomes.put(0, outcome));
            engine.submit(generate(prompt(1), broken), outcome -> outcomes.put(1, outcome));
            drain(engine);

            assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
            assertThat(bits(outcomes.get(0))).isEqualTo(bits(alone(0)));
        }
    }

    @Test
    void breaksWhereTheDecoderThrowsForEveryRequestOrHasAnError() {
        try (Engine engine = engine(Poison.ALWAYS_THROWS)) {
            engine.submit(generate(new int[] {7, 8}, TokenConstraint.NONE), outcome -> {});
            engine.submit(generate(new int[] {9}, TokenConstraint.NONE), outcome -> {});
            assertThatThrownBy(() -> drain(engine)).hasMessage("Scripted to throw.");
        }
        try (Engine engine = engine(Poison.HAS_AN_ERROR)) {
            engine.submit(generate(prompt(0), TokenConstraint.NONE), outcome -> {});
            assertThatThrownBy(() -> drain(engine)).isInstanceOf(InternalError.class);
        }
    }

    @Test
    void breaksWhereOneRequestAfterTheOtherFailsAndNoneSucceeds() {
        try (Engine engine = engine(Poison.ALWAYS_THROWS)) {
            List<Outcome> outcomes = new ArrayList<>();
            for (int request = 0; request < 2; request++) {
                engine.submit(generate(prompt(request), TokenConstraint.NONE), outcomes::add);
                drain(engine);
            }
            assertThat(outcomes).hasSize(2).allMatch(Outcome.Failed.class::isInstance);
            engine.submit(generate(prompt(2), TokenConstraint.NONE), outcomes::add);
            assertThatThrownBy(() -> drain(engine)).hasMessage("Scripted to throw.");
            assertThat(outcomes).hasSize(2);
        }
    }

    @Test
    void endsACancelledRequestAndReleasesItsPages() {
        try (Engine engine = engine(Poison.NONE)) {
            Map<Integer, Outcome> outcomes = new TreeMap<>();
            List<Ticket> tickets = new ArrayList<>();
            for (int request = 0; request < 8; request++) {
                int number = request;
                tickets.add(engine.submit(
                        generate(prompt(request), TokenConstraint.NONE), outcome -> outcomes.put(number, outcome)));
            }
            engine.step();
            int pages = engine.usedPages();
            tickets.get(1).cancel();
            tickets.get(7).cancel();
            engine.step();

            assertThat(outcomes.get(1)).isEqualTo(new Outcome.Failed("The request was cancelled."));
            assertThat(outcomes.get(7)).isEqualTo(new Outcome.Failed("The request was cancelled."));
            assertThat(pages).isPositive();
            drain(engine);
            tickets.forEach(Ticket::cancel);
            assertThat(engine.step()).isFalse();
            assertThat(engine.usedPages()).isZero();
            assertThat(outcomes).hasSize(8);
            for (int request : new int[] {0, 2, 3, 4, 5, 6}) {
                assertThat(bits(outcomes.get(request))).isEqualTo(bits(alone(request)));
            }
        }
    }

    @Test
    void releasesThePagesOfARequestThatIsCancelledAsTheLastOne() {
        try (Engine engine = engine(Poison.NONE)) {
            List<Outcome> outcomes = new ArrayList<>();
            Ticket ticket = engine.submit(generate(prompt(1), TokenConstraint.NONE), outcomes::add);
            engine.step();
            ticket.cancel();

            assertThat(engine.step()).isFalse();
            assertThat(engine.load()).extracting(Load::running, Load::usedPages).containsExactly(0, 0);
            assertThat(outcomes).hasSize(1);
        }
    }

    private void assertNeighboursAreUnharmed(Map<Integer, Outcome> outcomes) {
        for (int request = 0; request < 6; request++) {
            if (request != 3) {
                assertThat(bits(outcomes.get(request)))
                        .as("request %d", request)
                        .isEqualTo(bits(alone(request)));
            }
        }
    }

    /// Six requests side by side; the tokens of one of them are poison for the decoder.
    private Map<Integer, Outcome> outcomes(Poison poison, int poisoned) {
        Map<Integer, Outcome> outcomes = new TreeMap<>();
        try (Engine engine = engine(poison)) {
            for (int request = 0; request < 6; request++) {
                int number = request;
                int[] prompt = prompt(request);
                prompt[prompt.length - 2] = request == poisoned ? POISON : prompt[prompt.length - 2];
                engine.submit(generate(prompt, TokenConstraint.NONE), outcome -> outcomes.put(number, outcome));
            }
            drain(engine);
            assertThat(engine.usedPages()).isZero();
        }
        return outcomes;
    }

    private Outcome alone(int request) {
        List<Outcome> outcomes = new ArrayList<>();
        try (Engine engine = engine(Poison.NONE)) {
            engine.submit(generate(prompt(request), TokenConstraint.NONE), outcomes::add);
            drain(engine);
        }
        return outcomes.getFirst();
    }

    private Engine engine(Poison poison) {
        EngineOptions options = new EngineOptions(1, 4, 16, 0, 0);
        return new Engine(
                new PoisonedDecoder(model.newDecoder(80, 1), poison),
                model.tokenizer(),
                options,
                model.contextLength());
    }

    private static Request.Generate generate(int[] prompt, TokenConstraint constraint) {
        return new Request.Generate(prompt, new SamplingOptions(1, 0, 1, 0, 1, 3), 1, 12, List.of(), constraint);
    }

    private static int[] prompt(int request) {
        return new SplittableRandom(request).ints(30 + request, 0, 290).toArray();
    }

    private static void drain(Engine engine) {
        for (int steps = 0; engine.step(); steps++) {
            assertThat(steps).isLessThan(10_000);
        }
    }

    private static String bits(Outcome outcome) {
        Outcome.Completion completion =
                ((Outcome.Generated) outcome).completions().getFirst();
        return Arrays.toString(completion.tokens()) + Arrays.toString(completion.logProbabilities());
    }

    private enum Poison {
        NONE,
        THROWS,
        GIVES_NAN,
        ALWAYS_THROWS,
        HAS_AN_ERROR
    }

    /// Breaks on batches that hold the poisonous token; gives no numbers for the sequence that holds it.
    private record PoisonedDecoder(Decoder decoder, Poison poison) implements Decoder {
        @Override
        public float[] decode(Batch batch) {
            boolean poisoned = false;
            for (int token = 0; token < batch.size(); token++) {
                poisoned |= batch.token(token) == POISON;
            }
            if (poison == Poison.HAS_AN_ERROR) {
                throw new InternalError("Scripted to break.");
            }
            if (poison == Poison.ALWAYS_THROWS || poisoned && poison == Poison.THROWS) {
                throw new IllegalStateException("Scripted to throw.");
            }
            float[] logits = decoder.decode(batch);
            if (poisoned && poison == Poison.GIVES_NAN) {
                spoil(batch, logits);
            }
            return logits;
        }

        private void spoil(Batch batch, float[] logits) {
            int row = 0;
            for (int token = 0; token < batch.size(); token++) {
                boolean behindPoison = token > 0 && batch.token(token - 1) == POISON;
                if (batch.wantsLogits(token)) {
                    if (behindPoison) {
                        logits[row * vocabularySize()] = Float.NaN;
                    }
                    row++;
                }
            }
        }

        @Override
        public int vocabularySize() {
            return decoder.vocabularySize();
        }

        @Override
        public CacheShape cacheShape() {
            return decoder.cacheShape();
        }

        @Override
        public Kernel kernel() {
            return decoder.kernel();
        }

        @Override
        public void close() {
            decoder.close();
        }
    }
}
