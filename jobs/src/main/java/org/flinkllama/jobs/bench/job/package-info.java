/// How fast the whole Flink job is: documents made up in memory go through the topology that every job runs, and are
/// counted at its end. Knows no Kafka.
package org.flinkllama.jobs.bench.job;
