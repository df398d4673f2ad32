/// The enrichment job: documents in, enrichments and dead letters out, exactly once. `EnrichmentPipeline` knows
/// sources and sinks alone; `EnrichmentJob` gives it Kafka's.
package org.flinkllama.jobs.enrich;
