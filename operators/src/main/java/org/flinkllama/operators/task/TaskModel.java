package org.flinkllama.operators.task;

import org.flinkllama.operators.task.prompt.ModelPrompts;

/// The model that tasks are done with.
///
/// @param sha256  of the model file, 64 hexadecimal digits
/// @param prompts how it is asked
public record TaskModel(String name, String sha256, ModelPrompts prompts) {}
