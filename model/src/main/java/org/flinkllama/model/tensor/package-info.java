/// How numbers are stored: block formats of weights, read-only weight matrices over mapped memory, and the scalar
/// formulas that turn a stored block into f32 and back. Knows nothing of files, layers or threads.
package org.flinkllama.model.tensor;
