/// A document's text as stretches: sentences, chunks that fit a context, words that an answer may begin and end with,
/// tokens. Offsets are UTF-16 code units of the document's text; no text is ever dropped. Knows nothing of tasks.
package org.flinkllama.operators.task.text;
