package org.flinkllama.operators.task.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.method.DocumentPrompts.Part;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;
import org.flinkllama.operators.task.text.TextSpan;
import org.flinkllama.schemas.v1.Answer;
import org.flinkllama.schemas.v1.Evidence;
import org.flinkllama.schemas.v1.FinishReason;

/// The answer to one question. Every part of a long document is searched; of the parts that answer, the one with the
/// highest confidence counts, the first on a tie. The document does not answer where none of them does; the confidence
/// in that is the lowest of theirs.
public final class Answers {
    private final DocumentPrompts document;
    private final Generation generation;
    private final String question;
    private final Reading reading;

    private Answers(DocumentPrompts document, Generation generation, String question) {
        this.document = document;
        this.generation = generation;
        this.question = question;
        this.reading = reading(document.prompts(), generation);
    }

    public static Step<Answer> start(DocumentPrompts document, Generation generation, String question)
            throws RecordRejectedException {
        return new Answers(document, generation, question).ask();
    }

    /// How answers are asked for in a part, and how they are read.
    interface Reading {
        Request request(Part part);

        /// The answer in what the model generated; empty where it says that the part has none.
        Optional<Found> found(Part part, String document, Outcome.Completion completion);
    }

    /// @param evidence where the answer stands in the document; empty where it is not a stretch of it
    record Found(String text, Optional<TextSpan> evidence) {}

    private record Candidate(Optional<Found> found, double confidence, FinishReason reason) {}

    private static Reading reading(ModelPrompts prompts, Generation generation) {
        return switch (prompts.profile().output()) {
            case GROUNDED -> new SpanReading(prompts, generation);
            case GENERATED -> new FreeReading(prompts.profile(), generation);
        };
    }

    private Step<Answer> ask() throws RecordRejectedException {
        ModelPrompts prompts = document.prompts();
        List<Part> parts = document.parts(
                text -> prompts.words(Use.QUESTION, Map.of("question", question, "document", text)),
                generation.maxTokens());
        List<Request> requests = new ArrayList<>();
        for (Part part : parts) {
            requests.add(reading.request(part));
        }
        return new Step.Ask<>(requests, outcomes -> read(parts, outcomes));
    }

    private Step<Answer> read(List<Part> parts, List<Outcome> outcomes) {
        Candidate best = candidate(parts.getFirst(), outcomes.getFirst());
        for (int part = 1; part < parts.size(); part++) {
            Candidate candidate = candidate(parts.get(part), outcomes.get(part));
            best = better(candidate, best) ? candidate : best;
        }
        Optional<TextSpan> evidence = best.found().flatMap(Found::evidence);
        return new Step.Done<>(
                new Answer(
                        question,
                        best.found().isPresent(),
                        best.found().map(Found::text).orElse(""),
                        evidence.map(span -> new Evidence(span.start(), span.end()))
                                .orElse(null),
                        best.confidence(),
                        parts.size()),
                best.reason());
    }

    private Candidate candidate(Part part, Outcome outcome) {
        Outcome.Completion completion = Outcomes.completion(outcome);
        return new Candidate(
                reading.found(part, document.text(), completion),
                Outcomes.confidence(completion),
                Outcomes.reason(completion));
    }

    private static boolean better(Candidate candidate, Candidate best) {
        if (candidate.found().isPresent() != best.found().isPresent()) {
            return candidate.found().isPresent();
        }
        return candidate.found().isPresent()
                ? candidate.confidence() > best.confidence()
                : candidate.confidence() < best.confidence();
    }
}
