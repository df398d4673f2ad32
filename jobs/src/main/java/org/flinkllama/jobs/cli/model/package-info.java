/// Commands that use a model without Flink: generate text, look into a file, tokenise, compute logits. Results go
/// to standard output or a file, everything else to standard error.
package org.flinkllama.jobs.cli.model;
