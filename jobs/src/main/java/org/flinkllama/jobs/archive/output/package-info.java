/// Enrichments and refused records as files, exactly once: sinks whose files are committed with checkpoints, the
/// folder that they lie in, which job it is of, the ids that earlier outputs hold.
package org.flinkllama.jobs.archive.output;
