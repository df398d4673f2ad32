/// Avro records in Confluent's wire format, whose schemas a registry keeps: a small client of its REST API, and
/// records read and written with it. A registry's schemas are as little trusted as the records. Knows no Flink and
/// no Kafka.
package org.flinkllama.operators.format.registry;
