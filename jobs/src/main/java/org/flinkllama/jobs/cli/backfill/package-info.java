/// The command `backfill`: its options as they are written, and the run they stand for, in this process or on
/// a cluster.
package org.flinkllama.jobs.cli.backfill;
