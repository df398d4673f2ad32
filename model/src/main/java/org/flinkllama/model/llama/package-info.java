/// The Llama transformer: RMSNorm, rotary positions with every scaling Llama uses, grouped-query attention, SwiGLU.
/// Reads
/// its shape and weights from a GGUF file. Knows nothing of requests or sampling.
package org.flinkllama.model.llama;
