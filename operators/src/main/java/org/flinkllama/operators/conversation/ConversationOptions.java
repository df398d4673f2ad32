package org.flinkllama.operators.conversation;

import java.io.Serializable;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.task.PromptChoice;

/// Everything that can change a reply, but for the model, its context and the conversation, and nothing else.
///
/// @param systemPrompt what the model is told first; empty takes the profile's own
/// @param reply        how replies are generated
/// @param overflow     what is done where a conversation no longer fits
/// @param prompting    words and chat template
/// @param limits       bounds of what a turn brings
public record ConversationOptions(
        String systemPrompt, ReplyOptions reply, Overflow overflow, PromptChoice prompting, TurnLimits limits)
        implements Serializable {
    public static final ConversationOptions DEFAULT = new ConversationOptions(
            "",
            new ReplyOptions(256, SamplingOptions.GREEDY, 0),
            new Overflow(OverflowAction.DROP_OLDEST, 96),
            PromptChoice.AUTO,
            new TurnLimits(100_000, 1_000_000));

    /// How replies are generated.
    ///
    /// @param maxTokens    tokens of a reply at most
    /// @param streamTokens a part of the reply goes out behind every so many tokens; 0 for whole replies alone
    public record ReplyOptions(int maxTokens, SamplingOptions sampling, int streamTokens) implements Serializable {
        public ReplyOptions {
            require(maxTokens >= 1, "max-tokens", maxTokens, "1 or more");
            require(streamTokens >= 0, "stream-tokens", streamTokens, "0 or more");
        }
    }

    /// What is done where a conversation no longer fits.
    ///
    /// @param summaryMaxTokens tokens of a summary at most
    public record Overflow(OverflowAction action, int summaryMaxTokens) implements Serializable {
        public Overflow {
            require(summaryMaxTokens >= 1, "summary-max-tokens", summaryMaxTokens, "1 or more");
        }
    }

    /// Bounds of what a turn brings, in UTF-16 code units.
    public record TurnLimits(int maxTurnCharacters, int maxDocumentCharacters) implements Serializable {
        public TurnLimits {
            require(maxTurnCharacters >= 1, "max-turn-characters", maxTurnCharacters, "1 or more");
            require(maxDocumentCharacters >= 1, "max-document-characters", maxDocumentCharacters, "1 or more");
        }
    }

    public ConversationOptions withSystemPrompt(String other) {
        return new ConversationOptions(other, reply, overflow, prompting, limits);
    }

    public ConversationOptions withReply(ReplyOptions other) {
        return new ConversationOptions(systemPrompt, other, overflow, prompting, limits);
    }

    public ConversationOptions withOverflow(Overflow other) {
        return new ConversationOptions(systemPrompt, reply, other, prompting, limits);
    }

    public ConversationOptions withPrompting(PromptChoice other) {
        return new ConversationOptions(systemPrompt, reply, overflow, other, limits);
    }

    /// Every option by its name on the command line.
    public SortedMap<String, String> asMap() {
        SamplingOptions sampling = reply.sampling();
        SortedMap<String, String> options = new TreeMap<>();
        options.put("system-prompt", systemPrompt);
        options.put("max-tokens", Integer.toString(reply.maxTokens()));
        options.put("stream-tokens", Integer.toString(reply.streamTokens()));
        options.put("temperature", Float.toString(sampling.temperature()));
        options.put("top-k", Integer.toString(sampling.topK()));
        options.put("top-p", Float.toString(sampling.topP()));
        options.put("min-p", Float.toString(sampling.minP()));
        options.put("repetition-penalty", Float.toString(sampling.repetitionPenalty()));
        options.put("seed", Long.toString(sampling.seed()));
        options.put(
                "context-overflow-action",
                overflow.action().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        options.put("summary-max-tokens", Integer.toString(overflow.summaryMaxTokens()));
        options.put("profile", prompting.profile());
        options.put("chat-template", prompting.chatTemplate());
        options.put("max-turn-characters", Integer.toString(limits.maxTurnCharacters()));
        options.put("max-document-characters", Integer.toString(limits.maxDocumentCharacters()));
        return options;
    }

    private static void require(boolean valid, String option, int found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
