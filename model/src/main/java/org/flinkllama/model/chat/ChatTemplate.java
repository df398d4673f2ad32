package org.flinkllama.model.chat;

import java.util.List;

/// Renders messages the way a family of models was trained to read them. Stateless and safe for use by many
/// threads.
public interface ChatTemplate {
    /// Short name, such as `llama3`.
    String name();

    /// The prompt for `messages`, ending where the assistant's next message begins. The beginning-of-sequence token
    /// is part of it where the model's template has one.
    Prompt render(List<Message> messages);
}
