/// How fast a model is on this machine: which model, what is measured, and how the figures are told, to people and as
/// JSON. Writes itself models of random weights. The measuring is done in `bench.speed`.
package org.flinkllama.jobs.bench;
