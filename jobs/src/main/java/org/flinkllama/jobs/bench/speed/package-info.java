/// How fast a model and this machine's memory are: workloads that run for a moment, and how often they run until a
/// figure can be believed. Knows the engine and the decoder; knows nothing of Flink, files, or how figures are shown.
package org.flinkllama.jobs.bench.speed;
