package org.flinkllama.operators.replica;

import java.util.Optional;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.ChatTemplates;
import org.flinkllama.model.tokenizer.Tokenizer;

/// What a caller must know of a replica's model to ask it something.
///
/// @param name          the model's name in its file, or the file's
/// @param sha256        of the file, 64 hexadecimal digits
/// @param chatTemplate  the template that the file names; empty where it names none that is known
/// @param contextLength tokens that one request may take, prompt and output together
public record ModelCard(
        String name, String sha256, Tokenizer tokenizer, Optional<ChatTemplate> chatTemplate, int contextLength) {
    /// The chat template that the user chose: `auto` for the file's own, or the name of one.
    ///
    /// @throws ReplicaException where there is none
    public ChatTemplate chatTemplate(String choice) {
        String known = String.join(", ", ChatTemplates.names());
        if (choice.equals("auto")) {
            return chatTemplate.orElseThrow(() -> new ReplicaException("Model '" + name
                    + "' names no chat template that is known; expected one of " + known
                    + ". Set option 'chat-template' to the one it was trained with."));
        }
        return ChatTemplates.named(choice)
                .orElseThrow(() -> new ReplicaException(
                        "Option 'chat-template' is '" + choice + "'; expected auto or one of " + known + "."));
    }
}
