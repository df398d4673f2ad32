/// Chooses the next token from logits. The choice is a pure function of (options, seed, tokens so far, logits): a
/// generation
/// that is resumed or replayed goes on with the same bytes. Knows nothing of layers or threads.
package org.flinkllama.model.sampling;
