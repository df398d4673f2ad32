/// A stretch of a topic, from offsets to offsets, as a source that ends, also when it goes on from a checkpoint: what
/// there is to read is found once and kept.
package org.flinkllama.jobs.kafka.range;
