/// The arithmetic that a decoder needs, as one interface. `kernel.scalar` is its specification in plain loops,
/// `kernel.simd` its fast twin: both give the same bits. Knows nothing of layers or sequences.
package org.flinkllama.model.kernel;
