package org.flinkllama.jobs.cli.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationOptions.Overflow;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.conversation.ConversationOptions.TurnLimits;
import org.flinkllama.operators.conversation.OverflowAction;
import org.flinkllama.operators.task.PromptChoice;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// How turns of conversations are answered.
public final class ConversationArguments {
    private static final ConversationOptions DEFAULT = ConversationOptions.DEFAULT;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--system-prompt",
            paramLabel = "TEXT",
            description = "What the model is told before every conversation; @FILE reads it from a file in UTF-8."
                    + " Default: words that fit the model.")
    private String systemPrompt = DEFAULT.systemPrompt();

    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            description = "Tokens of a reply at most. Default: ${DEFAULT-VALUE}.")
    private int maxTokens = DEFAULT.reply().maxTokens();

    @Option(
            names = "--context-overflow-action",
            paramLabel = "ACTION",
            converter = OverflowConverter.class,
            defaultValue = "drop-oldest",
            description =
                    "Where a conversation no longer fits the model's context: drop-oldest forgets the oldest turns,"
                            + " summarize has the model summarise them, reject refuses the turn. The system prompt and the"
                            + " document always stay. Default: ${DEFAULT-VALUE}.")
    private OverflowAction overflow;

    @Option(
            names = "--summary-max-tokens",
            paramLabel = "N",
            description = "Tokens of such a summary at most. Default: ${DEFAULT-VALUE}.")
    private int summaryMaxTokens = DEFAULT.overflow().summaryMaxTokens();

    @Option(
            names = "--max-turn-characters",
            paramLabel = "N",
            description = "A turn with a longer text is refused. Default: ${DEFAULT-VALUE}.")
    private int maxTurnCharacters = DEFAULT.limits().maxTurnCharacters();

    @Option(
            names = "--max-document-characters",
            paramLabel = "N",
            description = "A turn with a longer document is refused. Default: ${DEFAULT-VALUE}.")
    private int maxDocumentCharacters = DEFAULT.limits().maxDocumentCharacters();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "Words around what is said: auto, starter, instruct. Default: ${DEFAULT-VALUE}, by the model.")
    private String profile = PromptChoice.AUTO.profile();

    @Option(
            names = "--chat-template",
            paramLabel = "NAME",
            description = "Template of the model's chats. Default: ${DEFAULT-VALUE}, by the model file.")
    private String chatTemplate = PromptChoice.AUTO.chatTemplate();

    @Mixin
    private SamplingArguments sampling;

    /// @param streamTokens a part of each reply goes out behind every so many tokens; 0 for whole replies alone
    public ConversationOptions options(int streamTokens) throws IOException {
        String prompt = systemPrompt.startsWith("@")
                ? Files.readString(Path.of(systemPrompt.substring(1)), StandardCharsets.UTF_8)
                        .strip()
                : systemPrompt;
        return Usage.checked(
                command,
                () -> new ConversationOptions(
                        prompt,
                        new ReplyOptions(maxTokens, sampling.options(), streamTokens),
                        new Overflow(overflow, summaryMaxTokens),
                        new PromptChoice(profile, chatTemplate),
                        new TurnLimits(maxTurnCharacters, maxDocumentCharacters)));
    }

    public int maxDocumentCharacters() {
        return maxDocumentCharacters;
    }

    /// Words with dashes.
    static final class OverflowConverter implements ITypeConverter<OverflowAction> {
        @Override
        public OverflowAction convert(String value) {
            return Arrays.stream(OverflowAction.values())
                    .filter(action -> word(action).equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is not one of "
                            + Arrays.stream(OverflowAction.values())
                                    .map(OverflowConverter::word)
                                    .collect(Collectors.joining(", "))));
        }

        private static String word(OverflowAction action) {
            return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
