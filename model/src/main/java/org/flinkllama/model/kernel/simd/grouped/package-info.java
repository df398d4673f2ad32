/// Products of weights in groups of sixteen rows and quantised tokens, on vectors of 16-bit integers: a lane is a
/// row, so that no sum is added across lanes, and results are the same at every vector width.
package org.flinkllama.model.kernel.simd.grouped;
