/// The contract between scheduling and arithmetic: a batch of tokens in, logits out. Neither side knows the other.
package org.flinkllama.model.decoder;
