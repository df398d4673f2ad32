package org.flinkllama.operators.task;

import java.io.Serializable;
import org.flinkllama.operators.task.prompt.PromptProfile;

/// Which prompts and which chat template a model gets; `auto` reads both off the model file.
///
/// @param profile      `auto` or the name of a prompt profile
/// @param chatTemplate `auto` or the name of a chat template
public record PromptChoice(String profile, String chatTemplate) implements Serializable {
    public static final PromptChoice AUTO = new PromptChoice(PromptProfile.AUTO, "auto");

    public PromptChoice {
        if (!PromptProfile.names().contains(profile)) {
            throw new IllegalArgumentException("Option 'profile' is '" + profile + "'; expected one of "
                    + String.join(", ", PromptProfile.names()) + ".");
        }
    }
}
