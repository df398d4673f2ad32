/// What the vector kernels share: the width of this machine's vectors, small stored integers as vectors of bytes, and
/// the tree in which partial sums are added. Knows nothing of matrices or tokens.
package org.flinkllama.model.kernel.simd.vector;
