/// Enrichments and refused records as files, exactly once: sinks whose files are committed with checkpoints, the folder
/// that they lie in, the ids that earlier outputs hold.
package org.flinkllama.jobs.archive.output;
