/// Documents in, enrichments out: the Flink operators around a replica. The task thread alone touches state and
/// output and is never held for a document; the replica's thread never sees an object of Flink's. Records that
/// can't be enriched leave by a side output. Knows nothing of Kafka.
package org.flinkllama.operators.enrich;
