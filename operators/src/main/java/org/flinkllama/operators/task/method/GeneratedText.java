package org.flinkllama.operators.task.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.method.DocumentPrompts.Part;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;
import org.flinkllama.operators.task.prompt.Template;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.PromptOutput;
import org.flinkllama.schemas.v1.Summary;
import org.flinkllama.schemas.v1.SummaryMethod;

/// Texts that the model writes about a document: summaries, and outputs of the user's own prompts.
public final class GeneratedText {
    private GeneratedText() {}

    /// A summary in the model's words. Parts of a long document are summarised one by one, then their summaries as one
    /// text, in as many rounds as it takes.
    public static Step<Summary> summary(DocumentPrompts document, Generation generation)
            throws RecordRejectedException {
        List<Part> parts = document.parts(message(document.prompts(), Use.SUMMARY), generation.maxTokens());
        return ask(parts, generation, outcomes -> summarise(document, generation, parts.size(), outcomes));
    }

    /// The output of one of the user's prompts. Outputs for the parts of a long document stand one below the other.
    ///
    /// @param instruction what to do; the document stands at its `{document}`, else behind it
    public static Step<PromptOutput> output(
            DocumentPrompts document, Generation generation, String name, String instruction)
            throws RecordRejectedException {
        ModelPrompts prompts = document.prompts();
        Template own = new Template(instruction, Set.of("document"));
        UnaryOperator<String> message = own.has("document")
                ? text -> own.fill(Map.of("document", text))
                : text -> prompts.words(Use.CUSTOM, Map.of("instruction", instruction, "document", text));
        List<Part> parts = document.parts(message, generation.maxTokens());
        return ask(
                parts,
                generation,
                outcomes -> new Step.Done<>(new PromptOutput(name, joined(outcomes)), reason(outcomes)));
    }

    private static Step<Summary> summarise(
            DocumentPrompts document, Generation generation, int chunks, List<Outcome> outcomes)
            throws RecordRejectedException {
        String text = joined(outcomes);
        if (outcomes.size() == 1 || text.isEmpty()) {
            return new Step.Done<>(new Summary(text, SummaryMethod.ABSTRACTIVE, null, chunks), reason(outcomes));
        }
        List<Part> parts =
                document.of(text).parts(message(document.prompts(), Use.SUMMARY_OF_PARTS), generation.maxTokens());
        if (parts.size() >= outcomes.size()) {
            return new Step.Failed<>("The summaries of " + outcomes.size() + " parts of the document take "
                    + parts.size() + " parts themselves; lower summary-max-tokens or raise context-length.");
        }
        return ask(parts, generation, merged -> summarise(document, generation, chunks, merged));
    }

    private static UnaryOperator<String> message(ModelPrompts prompts, Use use) {
        return text -> prompts.words(use, Map.of("document", text));
    }

    private static <R> Step<R> ask(List<Part> parts, Generation generation, Step.Next<R> next) {
        List<Request> requests = new ArrayList<>();
        for (Part part : parts) {
            requests.add(generation.free(part.prompt()));
        }
        return new Step.Ask<>(requests, next);
    }

    private static String joined(List<Outcome> outcomes) {
        return String.join(
                "\n",
                outcomes.stream()
                        .map(outcome -> Outcomes.completion(outcome).text().strip())
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    /// The reason that says most: a text cut off anywhere is told.
    private static FinishReason reason(List<Outcome> outcomes) {
        List<FinishReason> reasons = outcomes.stream()
                .map(outcome -> Outcomes.reason(Outcomes.completion(outcome)))
                .toList();
        if (reasons.contains(FinishReason.CONTEXT)) {
            return FinishReason.CONTEXT;
        }
        return reasons.contains(FinishReason.LENGTH) ? FinishReason.LENGTH : FinishReason.STOP;
    }
}
