/// Llama files of random weights and any shape: models for tests and for measuring speed. Everything follows from
/// shape, types and seed. Knows how a file is written, not how it is read or run.
package org.flinkllama.model.synthetic;
