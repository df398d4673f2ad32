package org.flinkllama.operators.task;

import java.io.Serializable;
import java.util.regex.Pattern;

/// A prompt of the user's own, asked of every document.
///
/// @param name        names its output: lower-case letters, digits and dashes
/// @param instruction what the model shall do; the document stands at its `{document}`, else behind it
public record CustomPrompt(String name, String instruction) implements Serializable {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    public CustomPrompt {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Option 'prompt' has the name '" + name
                    + "'; expected lower-case letters, digits and dashes, at most 64, such as 'next-step'.");
        }
        if (instruction.isBlank()) {
            throw new IllegalArgumentException(
                    "Option 'prompt." + name + "' is empty; expected what the model shall do with the document.");
        }
    }
}
