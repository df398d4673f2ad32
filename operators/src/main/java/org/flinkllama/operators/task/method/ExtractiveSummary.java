package org.flinkllama.operators.task.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.method.DocumentPrompts.Part;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;
import org.flinkllama.operators.task.text.Chunks;
import org.flinkllama.operators.task.text.Sentences;
import org.flinkllama.operators.task.text.TextSpan;
import org.flinkllama.schemas.v1.Evidence;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.Summary;
import org.flinkllama.schemas.v1.SummaryMethod;

/// A summary that is a sentence of the document: the one that the model finds most probable as its summary.
///
/// The score of a sentence of tokens `t[1] … t[n]` is `(ln p(t[1]) + … + ln p(t[n]) + ln p(end)) / (n + 1)`, each given
/// the prompt and the tokens before; the earlier sentence wins a tie. The first [#MAX_CANDIDATES] sentences of a part
/// that have [#MIN_TOKENS] tokens or more, and no more than the summary may have, are candidates. Where the document
/// has several parts, the best sentences of the parts are scored again as a text of their own.
public final class ExtractiveSummary {
    static final int MAX_CANDIDATES = 32;
    static final int MIN_TOKENS = 5;

    private final DocumentPrompts document;
    private final int maxTokens;

    private ExtractiveSummary(DocumentPrompts document, int maxTokens) {
        this.document = document;
        this.maxTokens = maxTokens;
    }

    /// @param maxTokens tokens of the longest summary
    public static Step<Summary> start(DocumentPrompts document, int maxTokens) throws RecordRejectedException {
        ExtractiveSummary summary = new ExtractiveSummary(document, maxTokens);
        List<Round> rounds = new ArrayList<>();
        List<Part> parts = document.parts(ExtractiveSummary.message(document.prompts()), maxTokens + 1);
        for (Part part : parts) {
            rounds.add(new Round(part.prompt(), summary.candidates(part.span())));
        }
        return summary.ask(rounds, parts.size());
    }

    /// Sentences to score behind one prompt.
    private record Round(int[] prompt, List<TextSpan> candidates) {}

    private static UnaryOperator<String> message(ModelPrompts prompts) {
        return text -> prompts.words(Use.SUMMARY, Map.of("document", text));
    }

    private Step<Summary> ask(List<Round> rounds, int chunks) {
        List<Request> requests = new ArrayList<>();
        for (Round round : rounds) {
            requests.add(new Request.Score(
                    round.prompt(),
                    round.candidates().stream().map(this::tokens).toList()));
        }
        return new Step.Ask<>(requests, outcomes -> read(rounds, outcomes, chunks));
    }

    private Step<Summary> read(List<Round> rounds, List<Outcome> outcomes, int chunks) throws RecordRejectedException {
        List<TextSpan> winners = new ArrayList<>();
        for (int round = 0; round < rounds.size(); round++) {
            List<double[]> scores = Outcomes.scored(outcomes.get(round)).logProbabilities();
            int best = 0;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int candidate = 0; candidate < scores.size(); candidate++) {
                double score = Outcomes.sum(scores.get(candidate)) / scores.get(candidate).length;
                if (score > bestScore) {
                    best = candidate;
                    bestScore = score;
                }
            }
            if (bestScore == Double.NEGATIVE_INFINITY) {
                return new Step.Failed<>("The model gave no usable probability for any of " + scores.size()
                        + " sentences; check the model file.");
            }
            winners.add(rounds.get(round).candidates().get(best));
        }
        if (winners.size() == 1) {
            return done(winners.getFirst(), chunks);
        }
        List<Round> next = finals(winners);
        // Each of the finals must fit and have fewer winners than candidates, or the rounds would never end.
        boolean shrinks = next.size() < winners.size() && next.stream().allMatch(round -> fits(round.prompt()));
        return shrinks ? ask(next, chunks) : done(winners.getFirst(), chunks);
    }

    private boolean fits(int[] prompt) {
        return prompt.length + maxTokens + 1 <= document.prompts().contextLength();
    }

    private Step<Summary> done(TextSpan sentence, int chunks) {
        return new Step.Done<>(
                new Summary(
                        sentence.of(document.text()),
                        SummaryMethod.EXTRACTIVE,
                        new Evidence(sentence.start(), sentence.end()),
                        chunks),
                FinishReason.SCORED);
    }

    /// Winners in groups that fit the context as one text each.
    private List<Round> finals(List<TextSpan> winners) {
        List<Round> rounds = new ArrayList<>();
        List<TextSpan> group = new ArrayList<>();
        int[] prompt = {};
        for (TextSpan winner : winners) {
            group.add(winner);
            int[] longer = prompt(group);
            if (group.size() > 1 && (!fits(longer) || group.size() > MAX_CANDIDATES)) {
                group.removeLast();
                rounds.add(new Round(prompt, List.copyOf(group)));
                group.clear();
                group.add(winner);
                longer = prompt(group);
            }
            prompt = longer;
        }
        rounds.add(new Round(prompt, List.copyOf(group)));
        return rounds;
    }

    private int[] prompt(List<TextSpan> sentences) {
        StringBuilder text = new StringBuilder();
        for (TextSpan sentence : sentences) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(document.read(sentence).text());
        }
        return document.prompts().prompt(message(document.prompts()).apply(text.toString()));
    }

    private List<TextSpan> candidates(TextSpan part) {
        List<TextSpan> candidates = new ArrayList<>();
        List<TextSpan> tooShort = new ArrayList<>();
        String text = part.of(document.text());
        for (TextSpan sentence : Sentences.split(text)) {
            TextSpan stripped = new TextSpan(part.start() + sentence.start(), part.start() + sentence.end())
                    .stripped(document.text());
            int tokens = stripped.length() == 0 ? 0 : tokens(stripped).length - 1;
            if (tokens > 0 && tokens <= maxTokens && candidates.size() < MAX_CANDIDATES) {
                (tokens < MIN_TOKENS ? tooShort : candidates).add(stripped);
            }
        }
        if (!candidates.isEmpty()) {
            return candidates;
        }
        return tooShort.isEmpty()
                ? List.of(beginning(part))
                : tooShort.subList(0, Math.min(MAX_CANDIDATES, tooShort.size()));
    }

    /// As much of a part without a sentence short enough as a summary may have.
    private TextSpan beginning(TextSpan part) {
        TextSpan stripped = part.stripped(document.text());
        int end = Chunks.cut(
                document.text(), stripped, maxTokens, text -> document.prompts().answer(text).length);
        return new TextSpan(stripped.start(), end).stripped(document.text());
    }

    private int[] tokens(TextSpan sentence) {
        return document.prompts().wholeAnswer(document.read(sentence).text());
    }
}
