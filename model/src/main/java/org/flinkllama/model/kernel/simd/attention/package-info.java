/// Attention over pages of keys and values: sixteen positions of a page side by side for scores, dimensions side by
/// side for values, and four queries at once, so that what is read is used four times.
package org.flinkllama.model.kernel.simd.attention;
