/// How much of the engine's own speed a backfill has: the same documents through the engine alone and through the job
/// that users start, from a file to a folder. Knows no Kafka.
package org.flinkllama.jobs.bench.backfill;
