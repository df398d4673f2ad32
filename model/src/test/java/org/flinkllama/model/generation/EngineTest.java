package org.flinkllama.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.model.generation.Outcome.FinishReason;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EngineTest {
    private static final SamplingOptions WARM = new SamplingOptions(0.9f, 40, 0.95f, 0.02f, 1.1f, 11);

    private static LlamaModel model;

    @BeforeAll
    static void open() throws Exception {
        model = LlamaModel.open(BundledModel.file());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void givesTheSameTokensWhateverTheBatchTheChunksAndTheThreads() {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            requests.add(generate(prompt(5 + 29 * i, i), WARM, 1, 20));
            requests.add(new Request.Score(prompt(40 + i, 50 + i), List.of(prompt(1, 1), prompt(4, 2), prompt(9, 3))));
        }
        List<String> alone = new ArrayList<>();
        for (Request request : requests) {
            alone.addAll(run(new EngineOptions(1, 1, 512, 0, 0), List.of(request)));
        }

        assertThat(run(new EngineOptions(1, 8, 64, 0, 0), requests)).isEqualTo(alone);
        assertThat(run(new EngineOptions(2, 3, 7, 0, 0), requests)).isEqualTo(alone);
        assertThat(run(new EngineOptions(3, 16, 100, 0, 1000), requests)).isEqualTo(alone);
    }

    @Test
    void scoresAContinuationAsTheLogitsSay() {
        int[] prompt = prompt(33, 1);
        int[] continuation = prompt(5, 2);
        Outcome.Scored scored = (Outcome.Scored) outcome(new Request.Score(prompt, List.of(continuation)));

        int[] all = Arrays.copyOf(prompt, 38);
        System.arraycopy(continuation, 0, all, 33, 5);
        List<float[]> logits = new ArrayList<>();
        model.logits(all, true, 2, logits::add);
        for (int i = 0; i < 5; i++) {
            float[] row = logits.get(32 + i);
            double sum = 0;
            for (float logit : row) {
                sum += Math.exp(logit);
            }
            assertThat(scored.logProbabilities().getFirst()[i])
                    .isCloseTo(row[continuation[i]] - Math.log(sum), within(1e-4));
        }
        assertThat(scored.promptTokens()).isEqualTo(33);
    }

    @Test
    void drawsDifferentSequencesOfOnePromptAndTheSameAgain() {
        Request.Generate request = generate(prompt(21, 3), WARM, 4, 12);
        List<Completion> first = ((Outcome.Generated) outcome(request)).completions();
        List<Completion> again = ((Outcome.Generated) outcome(request)).completions();

        assertThat(first)
                .extracting(Completion::text)
                .isEqualTo(again.stream().map(Completion::text).toList());
        assertThat(first.stream().map(Completion::text).distinct().count()).isGreaterThan(1);
    }

    @Test
    void endsBeforeAStopStringAndHandsOutNothingOfIt() {
        Completion whole = completion(generate(prompt(30, 4), WARM, 1, 40));
        String stop = whole.text().substring(10, 14);
        StringBuilder heard = new StringBuilder();
        Request.Generate request =
                new Request.Generate(prompt(30, 4), WARM, 1, 40, List.of("never met", stop), TokenConstraint.NONE);
        Outcome.Generated generated = (Outcome.Generated) outcome(request, heard);

        Completion cut = generated.completions().getFirst();
        assertThat(cut.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(cut.text()).isEqualTo(whole.text().substring(0, whole.text().indexOf(stop)));
        assertThat(heard.toString()).isEqualTo(cut.text());
    }

    @Test
    void handsOutWhatWasHeldBackWhenAGenerationEnds() {
        Completion whole = completion(generate(prompt(30, 4), WARM, 1, 12));
        String neverWhole = whole.text().substring(whole.text().length() - 2) + "\0";
        StringBuilder heard = new StringBuilder();
        Outcome outcome = outcome(
                new Request.Generate(prompt(30, 4), WARM, 1, 12, List.of(neverWhole), TokenConstraint.NONE), heard);

        assertThat(heard.toString())
                .isEqualTo(
                        ((Outcome.Generated) outcome).completions().getFirst().text())
                .isEqualTo(whole.text());
    }

    @Test
    void endsWhereTheContextIsFull() {
        Engine engine = new Engine(model, new EngineOptions(1, 2, 64, 40, 0));
        List<Outcome> outcomes = new ArrayList<>();
        engine.submit(
                new Request.Generate(prompt(35, 5), WARM, 1, 100, List.of(), (generated, count, allowed) -> {
                    allowed.set(300 + count);
                    return true;
                }),
                outcomes::add);
        engine.submit(generate(prompt(41, 5), WARM, 1, 1), outcomes::add);
        drain(engine);

        assertThat(outcomes.get(0)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .contains("41 tokens", "holds 40"));
        Completion completion =
                ((Outcome.Generated) outcomes.get(1)).completions().getFirst();
        assertThat(completion.finishReason()).isEqualTo(FinishReason.CONTEXT);
        assertThat(completion.tokens()).startsWith(300, 301, 302, 303, 304);
        assertThat(engine.usedPages()).isZero();
        engine.close();
    }

    @Test
    void waitsForPagesInsteadOfFailing() {
        Engine engine = new Engine(model, new EngineOptions(1, 2, 64, 0, 16));
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            engine.submit(generate(prompt(60, i), WARM, 1, 8), outcomes::add);
        }
        engine.submit(generate(prompt(400, 9), WARM, 1, 8), outcomes::add);
        engine.step();
        assertThat(engine.running()).isLessThan(4);
        drain(engine);

        assertThat(outcomes).filteredOn(Outcome.Generated.class::isInstance).hasSize(4);
        assertThat(outcomes).filteredOn(Outcome.Failed.class::isInstance).hasSize(1);
        assertThat(engine.usedPages()).isZero();
        engine.close();
    }

    @Test
    void failsWhatIsInFlightWhenTheDecoderCantGoOn() {
        Engine engine = new Engine(model, EngineOptions.of(1));
        List<Outcome> outcomes = new ArrayList<>();
        engine.submit(generate(prompt(60, 1), WARM, 2, 8), outcomes::add);
        engine.step();
        engine.submit(generate(prompt(60, 2), WARM, 1, 8), outcomes::add);
        engine.failAll("The decoder ended.");

        assertThat(outcomes)
                .containsExactly(new Outcome.Failed("The decoder ended."), new Outcome.Failed("The decoder ended."));
        assertThat(engine.usedPages()).isZero();
        engine.close();
    }

    @Test
    void sharesEqualBeginningsWithinAScopeAndGivesTheSameBits() {
        int[] first = prompt(100, 6);
        int[] second = first.clone();
        second[99] = 300;
        List<String> alone = new ArrayList<>(run(EngineOptions.of(1), List.of(generate(first, WARM, 1, 9))));
        alone.addAll(run(EngineOptions.of(1), List.of(generate(second, WARM, 1, 9))));

        Engine engine = new Engine(model, EngineOptions.of(1));
        List<Outcome> outcomes = new ArrayList<>();
        engine.submit(generate(first, WARM, 1, 9), "tenant", outcomes::add);
        drain(engine);
        engine.submit(generate(second, WARM, 1, 9), "another", outcomes::add);
        drain(engine);
        assertThat(engine.sharedPositions()).isZero();
        engine.submit(generate(second, WARM, 1, 9), "tenant", outcomes::add);
        drain(engine);
        assertThat(engine.sharedPositions()).isEqualTo(96);
        engine.close();

        assertThat(outcomes).extracting(EngineTest::bits).containsExactly(alone.get(0), alone.get(1), alone.get(1));
    }

    private static Request.Generate generate(int[] prompt, SamplingOptions sampling, int sequences, int maxTokens) {
        return new Request.Generate(prompt, sampling, sequences, maxTokens, List.of(), TokenConstraint.NONE);
    }

    private static int[] prompt(int tokens, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.ints(tokens, 262, model.tokenizer().vocabularySize()).toArray();
    }

    private static Completion completion(Request request) {
        return ((Outcome.Generated) outcome(request)).completions().getFirst();
    }

    private static Outcome outcome(Request request) {
        return outcome(request, new StringBuilder());
    }

    private static Outcome outcome(Request request, StringBuilder heard) {
        Engine engine = new Engine(model, EngineOptions.of(1));
        List<Outcome> outcomes = new ArrayList<>();
        engine.submit(request, new RequestListener() {
            @Override
            public void generated(int sequence, int token, float logProbability, String text) {
                heard.append(text);
            }

            @Override
            public void ended(Outcome outcome) {
                outcomes.add(outcome);
            }
        });
        drain(engine);
        assertThat(engine.usedPages()).isZero();
        engine.close();
        return outcomes.getFirst();
    }

    private static List<String> run(EngineOptions options, List<Request> requests) {
        Engine engine = new Engine(model, options);
        String[] results = new String[requests.size()];
        for (int i = 0; i < results.length; i++) {
            int index = i;
            engine.submit(requests.get(i), outcome -> results[index] = bits(outcome));
            if (i % 3 == 0) {
                engine.step();
            }
        }
        drain(engine);
        engine.close();
        return Arrays.asList(results);
    }

    private static String bits(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Generated generated ->
                generated.completions().stream()
                        .map(completion -> Arrays.toString(completion.tokens())
                                + completion.finishReason()
                                + Arrays.toString(completion.logProbabilities()))
                        .toList()
                        .toString();
            case Outcome.Scored scored ->
                scored.logProbabilities().stream()
                        .map(Arrays::toString)
                        .toList()
                        .toString();
            case Outcome.Failed failed -> failed.reason();
        };
    }

    private static void drain(Engine engine) {
        for (int steps = 0; engine.step(); steps++) {
            assertThat(steps).isLessThan(10_000);
        }
    }
}
