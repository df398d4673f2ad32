package org.flinkllama.operators.enrich;

import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.task.PromptChoice;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile;

/// Puts a replica's model and the user's choice of prompts together.
final class Models {
    private Models() {}

    static TaskModel taskModel(ModelCard card, PromptChoice choice) {
        ChatTemplate template = card.chatTemplate(choice.chatTemplate());
        PromptProfile profile = PromptProfile.chosen(choice.profile(), template.name());
        return new TaskModel(
                card.name(),
                card.sha256(),
                new ModelPrompts(profile, template, card.tokenizer(), card.contextLength()));
    }
}
