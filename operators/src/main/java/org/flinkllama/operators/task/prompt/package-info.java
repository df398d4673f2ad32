/// Prompts are data: versioned templates for a family of models, and how their tokens are made for one model. What a
/// document says stays data in them. Knows nothing of how outcomes are read.
package org.flinkllama.operators.task.prompt;
