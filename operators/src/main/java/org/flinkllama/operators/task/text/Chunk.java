package org.flinkllama.operators.task.text;

/// A piece of a document that a model reads at once.
///
/// @param tokens tokens of the piece read on its own
public record Chunk(TextSpan span, int tokens) {}
