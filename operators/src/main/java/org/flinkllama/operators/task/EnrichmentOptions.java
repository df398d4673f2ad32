package org.flinkllama.operators.task;

import java.io.Serializable;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flinkllama.model.sampling.SamplingOptions;

/// Everything that can change an enrichment, but for the model and its context, and nothing else.
///
/// @param maxTokens             bounds of the outputs
/// @param sampling              how texts are generated; greedy where nobody says otherwise
/// @param prompting             prompts and chat template
/// @param maxDocumentCharacters UTF-16 code units of a document's text at most; a longer one is rejected
public record EnrichmentOptions(
        Assignment assignment,
        TokenLimits maxTokens,
        SamplingOptions sampling,
        PromptChoice prompting,
        int maxDocumentCharacters)
        implements Serializable {
    public static final EnrichmentOptions DEFAULT = new EnrichmentOptions(
            Assignment.DEFAULT, TokenLimits.DEFAULT, SamplingOptions.GREEDY, PromptChoice.AUTO, 1_000_000);

    public EnrichmentOptions {
        if (maxDocumentCharacters < 1) {
            throw new IllegalArgumentException(
                    "Option 'max-document-characters' is " + maxDocumentCharacters + "; expected 1 or more.");
        }
    }

    public EnrichmentOptions withAssignment(Assignment other) {
        return new EnrichmentOptions(other, maxTokens, sampling, prompting, maxDocumentCharacters);
    }

    public EnrichmentOptions withMaxTokens(TokenLimits other) {
        return new EnrichmentOptions(assignment, other, sampling, prompting, maxDocumentCharacters);
    }

    public EnrichmentOptions withSampling(SamplingOptions other) {
        return new EnrichmentOptions(assignment, maxTokens, other, prompting, maxDocumentCharacters);
    }

    public EnrichmentOptions withPrompting(PromptChoice other) {
        return new EnrichmentOptions(assignment, maxTokens, sampling, other, maxDocumentCharacters);
    }

    public EnrichmentOptions withMaxDocumentCharacters(int characters) {
        return new EnrichmentOptions(assignment, maxTokens, sampling, prompting, characters);
    }

    /// Every option by its name on the command line. Lists are written one entry a line, labels and tasks with commas.
    public SortedMap<String, String> asMap() {
        SortedMap<String, String> options = new TreeMap<>();
        options.put(
                "tasks",
                assignment.tasks().stream()
                        .map(task -> task.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",")));
        options.put("labels", String.join(",", assignment.labels()));
        options.put("questions", String.join("\n", assignment.questions()));
        for (CustomPrompt prompt : assignment.prompts()) {
            options.put("prompt." + prompt.name(), prompt.instruction());
        }
        options.put("summary-max-tokens", Integer.toString(maxTokens.summary()));
        options.put("answer-max-tokens", Integer.toString(maxTokens.answer()));
        options.put("prompt-max-tokens", Integer.toString(maxTokens.prompt()));
        options.put("temperature", Float.toString(sampling.temperature()));
        options.put("top-k", Integer.toString(sampling.topK()));
        options.put("top-p", Float.toString(sampling.topP()));
        options.put("min-p", Float.toString(sampling.minP()));
        options.put("repetition-penalty", Float.toString(sampling.repetitionPenalty()));
        options.put("seed", Long.toString(sampling.seed()));
        options.put("profile", prompting.profile());
        options.put("chat-template", prompting.chatTemplate());
        options.put("max-document-characters", Integer.toString(maxDocumentCharacters));
        return options;
    }
}
