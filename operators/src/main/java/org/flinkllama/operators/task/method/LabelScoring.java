package org.flinkllama.operators.task.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.method.DocumentPrompts.Part;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.Sentiment;

/// Sentiment by scoring: the model says how probable each label is as its whole answer, the end of its turn included;
/// the distribution is the softmax over these. Nothing is generated, so that every document gets a label.
///
/// Distributions of the parts of a long document are averaged, weighted by the parts' tokens.
public final class LabelScoring {
    private final DocumentPrompts document;
    private final List<String> labels;

    private LabelScoring(DocumentPrompts document, List<String> labels) {
        this.document = document;
        this.labels = labels;
    }

    /// @param labels two or more, in order of preference on a tie
    public static Step<Sentiment> start(DocumentPrompts document, List<String> labels) throws RecordRejectedException {
        return new LabelScoring(document, labels).ask();
    }

    private Step<Sentiment> ask() throws RecordRejectedException {
        ModelPrompts prompts = document.prompts();
        List<int[]> answers = labels.stream().map(prompts::wholeAnswer).toList();
        int longest = answers.stream().mapToInt(answer -> answer.length).max().orElseThrow();
        List<Part> parts = document.parts(
                text -> prompts.words(Use.SENTIMENT, Map.of("labels", enumeration(labels), "document", text)), longest);
        List<Request> requests = new ArrayList<>();
        for (Part part : parts) {
            requests.add(new Request.Score(part.prompt(), answers));
        }
        return new Step.Ask<>(requests, outcomes -> read(parts, outcomes));
    }

    private Step<Sentiment> read(List<Part> parts, List<Outcome> outcomes) {
        double[] scores = new double[labels.size()];
        long weights = 0;
        for (int part = 0; part < parts.size(); part++) {
            double[] distribution = Outcomes.scored(outcomes.get(part)).logProbabilities().stream()
                    .mapToDouble(Outcomes::sum)
                    .toArray();
            softmax(distribution);
            int weight = parts.size() == 1 ? 1 : Math.max(1, document.tokens(parts.get(part)));
            weights += weight;
            for (int label = 0; label < scores.length; label++) {
                scores[label] += weight * distribution[label];
            }
        }
        double sum = Arrays.stream(scores).sum();
        if (!(sum > 0)) {
            return new Step.Failed<>("The model gave no usable probability for any of the " + labels.size()
                    + " labels; check the model file.");
        }
        int best = 0;
        Map<String, Double> distribution = new LinkedHashMap<>();
        for (int label = 0; label < scores.length; label++) {
            distribution.put(labels.get(label), scores[label] / sum);
            best = scores[label] > scores[best] ? label : best;
        }
        return new Step.Done<>(new Sentiment(labels.get(best), distribution, parts.size()), FinishReason.SCORED);
    }

    /// Natural logarithms to a distribution, in place.
    private static void softmax(double[] logarithms) {
        double max = Arrays.stream(logarithms).max().orElseThrow();
        double sum = 0;
        for (int index = 0; index < logarithms.length; index++) {
            logarithms[index] = Math.exp(logarithms[index] - max);
            sum += logarithms[index];
        }
        for (int index = 0; index < logarithms.length; index++) {
            logarithms[index] /= sum;
        }
    }

    /// `a, b or c`.
    private static String enumeration(List<String> labels) {
        return String.join(", ", labels.subList(0, labels.size() - 1)) + " or " + labels.getLast();
    }
}
