/// The fast twin of `kernel.scalar` on the Vector API, which only this package and those below it name. Same bits,
/// whatever the width of the machine's vectors: a narrower vector holds fewer of the sixteen partial sums and takes
// more
/// passes. Products are in `panel` and `row`; they know nothing of each other.
package org.flinkllama.model.kernel.simd;
