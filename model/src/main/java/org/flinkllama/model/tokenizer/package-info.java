/// Text to token ids and back, from a model file's own vocabulary: SentencePiece-style BPE and byte-level BPE. Text
/// is data: special tokens written in it are never parsed. Knows nothing of chats or layers.
package org.flinkllama.model.tokenizer;
