/// The command `backfill`: its options as they are written, and the run they stand for.
package org.flinkllama.jobs.cli.backfill;
