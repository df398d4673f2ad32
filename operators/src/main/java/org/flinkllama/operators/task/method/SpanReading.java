package org.flinkllama.operators.task.method;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.sampling.SpanConstraint;
import org.flinkllama.operators.task.method.DocumentPrompts.Part;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.text.AnswerSpans;
import org.flinkllama.operators.task.text.TextSpan;

/// Answers that can't be anything but a stretch of the document, or the words by which the model says that there is
/// none.
final class SpanReading implements Answers.Reading {
    private final ModelPrompts prompts;
    private final Generation generation;
    private final int[] notStated;

    SpanReading(ModelPrompts prompts, Generation generation) {
        this.prompts = prompts;
        this.generation = generation;
        this.notStated = prompts.answer(prompts.profile().notStated());
    }

    @Override
    public Request request(Part part) {
        AnswerSpans spans = spans(part);
        return generation.constrained(
                part.prompt(),
                new SpanConstraint(
                        spans.tokens(), spans.starts(), spans.ends(), List.of(notStated), prompts.endOfTurn()));
    }

    @Override
    public Optional<Answers.Found> found(Part part, String document, Outcome.Completion completion) {
        if (Arrays.equals(completion.tokens(), notStated)) {
            return Optional.empty();
        }
        Optional<TextSpan> span =
                spans(part).locate(completion.tokens(), part.read().text()).map(part.read()::inDocument);
        return span.map(evidence -> new Answers.Found(evidence.of(document), span));
    }

    private AnswerSpans spans(Part part) {
        return AnswerSpans.of(part.read().text(), prompts.tokenizer(), prompts.endOfTurn(), generation.maxTokens());
    }
}
