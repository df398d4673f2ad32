/// Archives as a source of records: folders and globs to files, files to splits of about one size, splits to records
/// in windows whose longest come first. What is read depends on the files alone, never on the splits. Knows nothing of
/// models or Kafka.
package org.flinkllama.jobs.archive;
