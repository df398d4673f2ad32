/// Turns in, replies out: the Flink side of conversations. A conversation's transcript is keyed state with a time
/// to live; turns of one conversation are answered in order, many conversations at once. Knows nothing of Kafka.
package org.flinkllama.operators.converse;
