/// Reads the formats of an archive's files, record by record, each as the value that a live record would have or as a
/// refusal with its reason. Reading a stretch again gives the same entries. Knows nothing of Flink.
package org.flinkllama.jobs.archive.read;
