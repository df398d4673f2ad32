/// The demo: broker, Flink and model in this process, documents in, results on the screen. Owns what it starts and
/// leaves nothing behind. What it prints came over Kafka, committed.
package org.flinkllama.jobs.demo;
