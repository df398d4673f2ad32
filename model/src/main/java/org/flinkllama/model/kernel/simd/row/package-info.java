/// Matrix × few tokens straight from the stored blocks of the common formats: nothing is decoded to memory, whose
/// bandwidth is the limit here. Knows nothing of `kernel.simd.panel`.
package org.flinkllama.model.kernel.simd.row;
