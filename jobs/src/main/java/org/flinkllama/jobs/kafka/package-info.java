/// Kafka: records in, exactly-once records out, topics, and a reader of committed records. The only package, beside
/// the demo's broker, that names Kafka. Never looks into a record's bytes; never logs a property's value.
package org.flinkllama.jobs.kafka;
