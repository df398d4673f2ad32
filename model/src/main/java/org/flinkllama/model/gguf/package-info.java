/// Reads GGUF model files by memory mapping. Files are hostile until checked: every count, length, offset and
/// dimension is checked before memory is reserved for it. Whoever opens an arena for a file closes it. Knows
/// nothing of models.
package org.flinkllama.model.gguf;
