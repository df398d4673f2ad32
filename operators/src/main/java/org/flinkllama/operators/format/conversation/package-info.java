/// Turns and replies as bytes on topics: JSON, or Avro in single-object encoding. Bytes that come in are
/// distrusted: what can't be read is refused with a reason that holds no text of the record. Pure Java, no Flink.
package org.flinkllama.operators.format.conversation;
