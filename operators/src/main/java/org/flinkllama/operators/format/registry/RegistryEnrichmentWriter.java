package org.flinkllama.operators.format.registry;

import org.flinkllama.operators.format.AvroEnrichmentWriter;
import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.schemas.v1.Enrichment;

/// Writes enrichments with the id of their schema in a registry.
public record RegistryEnrichmentWriter(RegistryCodec<Enrichment> codec) implements EnrichmentWriter {
    /// Registers the schema, so that nothing starts without it.
    public static RegistryEnrichmentWriter of(RegistryAccess access, String topic) {
        RegistryCodec<Enrichment> codec = new RegistryCodec<>(access, Enrichment.class, "enrichment", topic);
        codec.register();
        return new RegistryEnrichmentWriter(codec);
    }

    @Override
    public byte[] write(Enrichment enrichment) {
        return codec.write(AvroEnrichmentWriter.inOrder(enrichment));
    }
}
