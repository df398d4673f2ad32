/// Matrix × tokens over panels of four rows decoded to f32, for every type of tensor and any number of tokens. Pays
/// where a panel is used often enough to be worth its decoding; knows nothing of `kernel.simd.row`.
package org.flinkllama.model.kernel.simd.panel;
