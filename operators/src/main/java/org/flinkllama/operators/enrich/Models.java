package org.flinkllama.operators.enrich;

import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.ChatTemplates;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.task.PromptChoice;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile;

/// Puts a replica's model and the user's choice of prompts together.
final class Models {
    private Models() {}

    static TaskModel taskModel(ModelCard card, PromptChoice choice) {
        ChatTemplate template = chatTemplate(card, choice.chatTemplate());
        PromptProfile profile = PromptProfile.chosen(choice.profile(), template.name());
        return new TaskModel(
                card.name(),
                card.sha256(),
                new ModelPrompts(profile, template, card.tokenizer(), card.contextLength()));
    }

    private static ChatTemplate chatTemplate(ModelCard card, String choice) {
        String known = String.join(", ", ChatTemplates.names());
        if (choice.equals("auto")) {
            return card.chatTemplate()
                    .orElseThrow(() -> new ReplicaException("Model '" + card.name()
                            + "' names no chat template that is known; expected one of " + known
                            + ". Set option 'chat-template' to the one it was trained with."));
        }
        return ChatTemplates.named(choice)
                .orElseThrow(() -> new ReplicaException(
                        "Option 'chat-template' is '" + choice + "'; expected auto or one of " + known + "."));
    }
}
