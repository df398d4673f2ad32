/// The fast twin of `kernel.scalar` on the Vector API, the only package that names it. Same bits, whatever the width of
/// the machine's vectors: a narrower vector holds fewer of the sixteen partial sums and takes more passes.
package org.flinkllama.model.kernel.simd;
