/// Integer products of quantised activations and 4-bit weights: what they are worth, and how weights lie in memory for
/// them. Weights are repacked once in groups of sixteen rows, so that the lanes of a vector are rows. Knows no vectors.
package org.flinkllama.model.kernel.grouped;
