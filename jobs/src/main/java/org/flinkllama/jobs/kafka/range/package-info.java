/// A stretch of a topic, from offsets to offsets, as a source that ends.
package org.flinkllama.jobs.kafka.range;
