package org.flinkllama.operators.conversation.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.DialogueEncoder;
import org.flinkllama.model.chat.Message;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.operators.conversation.prompt.ConversationProfile.Use;
import org.flinkllama.operators.task.prompt.PromptProfile.WhiteSpace;
import org.flinkllama.operators.task.text.ReadText;
import org.flinkllama.operators.task.text.TextSpan;

/// How one model is talked to: its profile's words in its chat template, as its tokens. Immutable and safe for use
/// by many threads.
public final class DialoguePrompts {
    private final ConversationProfile profile;
    private final DialogueEncoder encoder;
    private final Tokenizer tokenizer;
    private final int contextLength;

    /// @param contextLength tokens of prompt and reply that the replica can hold
    public DialoguePrompts(ConversationProfile profile, ChatTemplate template, Tokenizer tokenizer, int contextLength) {
        this.profile = profile;
        this.encoder = new DialogueEncoder(template, tokenizer);
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
    }

    public ConversationProfile profile() {
        return profile;
    }

    public int contextLength() {
        return contextLength;
    }

    /// Tokens from the beginning to where the model answers the first message that it reads.
    public int[] opening(Setting setting, String message) {
        String words = setting.document().isEmpty()
                ? profile.words(Use.MESSAGE, Map.of("message", message))
                : profile.words(
                        Use.MESSAGE_WITH_DOCUMENT, Map.of("document", read(setting.document()), "message", message));
        String earlier =
                setting.summary().isEmpty() ? "" : profile.words(Use.EARLIER, Map.of("summary", setting.summary()));
        return encoder.opening(messages(setting.system(), earlier + words));
    }

    /// Tokens from the end of a reply to where the model answers the next message.
    public int[] next(Setting setting, String message) {
        Use use = setting.document().isEmpty() ? Use.MESSAGE : Use.MESSAGE_BEHIND_DOCUMENT;
        return encoder.next(profile.words(use, Map.of("message", message)));
    }

    /// Tokens that ask for a summary of what was said.
    public int[] summarize(String conversation) {
        String words = profile.words(Use.SUMMARIZE, Map.of("conversation", read(conversation)));
        return encoder.opening(messages(profile.system(), words));
    }

    /// An exchange as a summary is made of it.
    public String lines(String message, String reply) {
        return profile.words(Use.LINE_OF_USER, Map.of("message", message))
                + profile.words(Use.LINE_OF_ASSISTANT, Map.of("message", reply));
    }

    /// Tokens of a reply that another model gave.
    public int[] reply(String text) {
        return tokenizer.encode(text);
    }

    /// Tokens that the model reads of a stretch of a document.
    public int count(String stretch) {
        return tokenizer.encode(read(stretch)).length;
    }

    private String read(String text) {
        return switch (profile.whiteSpace()) {
            case WhiteSpace.COLLAPSED ->
                ReadText.collapsed(text, TextSpan.all(text)).text();
            case WhiteSpace.AS_WRITTEN -> text;
        };
    }

    private static List<Message> messages(String system, String user) {
        List<Message> messages = new ArrayList<>();
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(user));
        return messages;
    }
}
