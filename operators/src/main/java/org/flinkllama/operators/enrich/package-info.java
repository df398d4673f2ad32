/// Documents in, enrichments out: what an inference operator does with documents, and the topology around it. Records
/// that can't be enriched leave by a side output. Knows nothing of Kafka.
package org.flinkllama.operators.enrich;
