/// Runs a job inside this process: a Flink of its own, a folder that carries the job's checkpoints from one run to
/// the next, a line of progress. Whoever opens a folder closes it. Knows nothing of Kafka or documents.
package org.flinkllama.jobs.local;
