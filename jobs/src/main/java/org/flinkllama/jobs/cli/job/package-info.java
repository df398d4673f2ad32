/// Options of the commands whose jobs read and write topics, on the command line and as values: which Kafka and
/// which registry of schemas, and how Flink runs the job. Knows no command.
package org.flinkllama.jobs.cli.job;
