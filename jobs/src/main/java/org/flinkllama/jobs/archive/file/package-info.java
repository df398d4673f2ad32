/// What an archive is made of: files with a format and a compression, stretches of them that hold whole records, the
/// entries that are read. Knows nothing of Flink, or of how a format is read.
package org.flinkllama.jobs.archive.file;
