package org.flinkllama.operators.conversation;

import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.operators.conversation.prompt.ConversationProfile;
import org.flinkllama.operators.conversation.prompt.DialoguePrompts;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.task.PromptChoice;

/// The model that a conversation is held with.
///
/// @param sha256  of the model file, 64 hexadecimal digits
/// @param prompts how it is talked to
public record ConversationModel(String name, String sha256, DialoguePrompts prompts) {
    /// @throws org.flinkllama.operators.replica.ReplicaException where the model has no chat template that is known
    public static ConversationModel of(ModelCard card, PromptChoice choice) {
        ChatTemplate template = card.chatTemplate(choice.chatTemplate());
        ConversationProfile profile = ConversationProfile.chosen(choice.profile(), template.name());
        return new ConversationModel(
                card.name(),
                card.sha256(),
                new DialoguePrompts(profile, template, card.tokenizer(), card.contextLength()));
    }
}
