/// How weights lie in memory that are multiplied in another layout than the file's, and what integer products of
/// quantised activations and 4-bit weights are worth. 4-bit weights stand in groups of sixteen rows, so that the lanes
// of
/// a vector are rows; those of 8 and 6 bits in quartets. Knows no vectors.
package org.flinkllama.model.kernel.grouped;
