/// Documents and enrichments as bytes: JSON and Avro's single-object encoding. Bytes are hostile until read: a
/// record that can't be read is rejected with a sentence, never with its text. Knows nothing of Flink, Kafka or
/// models.
package org.flinkllama.operators.format;
