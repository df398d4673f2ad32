package org.flinkllama.jobs.cli.arguments;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.CustomPrompt;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.PromptChoice;
import org.flinkllama.operators.task.TokenLimits;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What is asked of the model for each document.
public final class TaskArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            description = "What to compute, separated by commas: ${COMPLETION-CANDIDATES}. Default: all.")
    private Set<Assignment.Task> tasks = EnumSet.allOf(Assignment.Task.class);

    @Option(
            names = "--labels",
            paramLabel = "LABEL",
            split = ",",
            defaultValue = "positive,negative,neutral",
            description = "Labels of the sentiment, separated by commas. Default: ${DEFAULT-VALUE}.")
    private List<String> labels;

    @Option(
            names = {"-q", "--question", "--questions"},
            paramLabel = "QUESTION",
            description = "A question to answer from every document, beside the document's own; may be repeated.")
    private List<String> questions = new ArrayList<>();

    @Option(
            names = "--prompt",
            paramLabel = "NAME=INSTRUCTION",
            description = "An instruction of your own, whose result stands in 'outputs' under its name; may be"
                    + " repeated. The document takes the place of {document}, or stands behind the instruction.")
    private Map<String, String> prompts = new LinkedHashMap<>();

    @Option(
            names = "--summary-max-tokens",
            paramLabel = "N",
            description = "Tokens of a summary at most. Default: ${DEFAULT-VALUE}.")
    private int summaryMaxTokens = TokenLimits.DEFAULT.summary();

    @Option(
            names = "--answer-max-tokens",
            paramLabel = "N",
            description = "Tokens of an answer at most. Default: ${DEFAULT-VALUE}.")
    private int answerMaxTokens = TokenLimits.DEFAULT.answer();

    @Option(
            names = "--prompt-max-tokens",
            paramLabel = "N",
            description = "Tokens generated for a prompt of your own at most. Default: ${DEFAULT-VALUE}.")
    private int promptMaxTokens = TokenLimits.DEFAULT.prompt();

    @Option(
            names = "--max-document-characters",
            paramLabel = "N",
            description = "A longer document is refused. Default: ${DEFAULT-VALUE}.")
    private int maxDocumentCharacters = EnrichmentOptions.DEFAULT.maxDocumentCharacters();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "Wording of the instructions: auto, starter, instruct. Default: ${DEFAULT-VALUE}, by the model.")
    private String profile = PromptChoice.AUTO.profile();

    @Option(
            names = "--chat-template",
            paramLabel = "NAME",
            description = "Template of the model's chats. Default: ${DEFAULT-VALUE}, by the model file.")
    private String chatTemplate = PromptChoice.AUTO.chatTemplate();

    @Mixin
    private SamplingArguments sampling;

    public EnrichmentOptions options() {
        return Usage.checked(
                command,
                () -> new EnrichmentOptions(
                        new Assignment(tasks, labels, questions, customPrompts()),
                        new TokenLimits(summaryMaxTokens, answerMaxTokens, promptMaxTokens),
                        sampling.options(),
                        new PromptChoice(profile, chatTemplate),
                        maxDocumentCharacters));
    }

    private List<CustomPrompt> customPrompts() {
        return prompts.entrySet().stream()
                .map(prompt -> new CustomPrompt(prompt.getKey(), prompt.getValue()))
                .toList();
    }
}
