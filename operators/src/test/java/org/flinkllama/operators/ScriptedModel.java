package org.flinkllama.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.model.generation.Outcome.FinishReason;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile;

/// A model that says what it was told to say. Rules are tried in order; the first whose words are in the prompt counts.
/// It breaks no constraint: a text that isn't allowed fails the test.
public final class ScriptedModel {
    private static final double ORDINARY = Math.log(0.1);

    public final WordTokenizer tokenizer = new WordTokenizer();
    public final List<String> prompts = new ArrayList<>();
    private final Map<String, Said> texts = new LinkedHashMap<>();
    private final Map<String, Double> scores = new LinkedHashMap<>();
    private final List<String> failing = new ArrayList<>();

    private record Said(String text, double probability) {}

    /// Where the prompt has `words`, generates `text`, each token with this probability.
    public ScriptedModel says(String words, String text, double probability) {
        texts.put(words, new Said(text, probability));
        return this;
    }

    /// Scores each token of this continuation with this probability; others have 0.1.
    public ScriptedModel likes(String continuation, double probability) {
        scores.put(continuation, Math.log(probability));
        return this;
    }

    /// Fails every request whose prompt has `words`.
    public ScriptedModel failsAt(String words) {
        failing.add(words);
        return this;
    }

    public TaskModel taskModel(TestTemplate template, int contextLength) {
        return new TaskModel(
                "scripted",
                "ab".repeat(32),
                new ModelPrompts(PromptProfile.chosen("auto", template.name()), template, tokenizer, contextLength));
    }

    public synchronized Outcome answer(Request request) {
        String prompt = tokenizer.text(request.prompt());
        prompts.add(prompt);
        if (failing.stream().anyMatch(prompt::contains)) {
            return new Outcome.Failed("Scripted to fail.");
        }
        return switch (request) {
            case Request.Score score -> scored(score);
            case Request.Generate generate -> generated(generate, prompt);
        };
    }

    private Outcome scored(Request.Score score) {
        List<double[]> logProbabilities = new ArrayList<>();
        for (int[] continuation : score.continuations()) {
            double[] tokens = new double[continuation.length];
            Arrays.fill(tokens, scores.getOrDefault(tokenizer.text(continuation).strip(), ORDINARY));
            logProbabilities.add(tokens);
        }
        return new Outcome.Scored(logProbabilities, score.prompt().length);
    }

    private Outcome generated(Request.Generate generate, String prompt) {
        Said said = texts.entrySet().stream()
                .filter(rule -> prompt.contains(rule.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No rule for the prompt: " + prompt));
        int[] tokens = tokenizer.encode(said.text());
        boolean cut = tokens.length > generate.maxTokens();
        tokens = cut ? Arrays.copyOf(tokens, generate.maxTokens()) : tokens;
        for (int count = 0; count <= tokens.length - (cut ? 1 : 0); count++) {
            BitSet allowed = new BitSet();
            int next = count < tokens.length ? tokens[count] : WordTokenizer.END;
            if (generate.constraint().restrict(tokens, count, allowed) && !allowed.get(next)) {
                throw new AssertionError(
                        "Token " + count + " of '" + said.text() + "' is not allowed: " + tokenizer.piece(next));
            }
        }
        float[] logProbabilities = new float[tokens.length + (cut ? 0 : 1)];
        Arrays.fill(logProbabilities, (float) Math.log(said.probability()));
        FinishReason reason = cut ? FinishReason.LENGTH : FinishReason.STOP;
        return new Outcome.Generated(
                List.of(new Completion(tokens, logProbabilities, tokenizer.text(tokens), reason)),
                generate.prompt().length);
    }
}
