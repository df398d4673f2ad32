package org.flinkllama.model.chat;

import java.util.List;

/// Renders messages the way a family of models was trained to read them. Stateless and safe for use by many
/// threads.
public interface ChatTemplate {
    /// Short name, such as `llama3`.
    String name();

    /// The prompt for `messages`, ending where the assistant's next message begins. The beginning-of-sequence token
    /// is part of it where the model's template has one.
    ///
    /// The prompt for `messages`, an assistant's message and a user's begins with the prompt for `messages`, so
    /// that what was computed for the one serves the other. (In tokens, too, unless the assistant's message begins
    /// with white space where the template neither strips it nor ends in a control token: that may join what the
    /// template ends in.)
    Prompt render(List<Message> messages);
}
