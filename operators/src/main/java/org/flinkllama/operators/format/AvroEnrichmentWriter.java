package org.flinkllama.operators.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Sentiment;

/// Writes enrichments in Avro's single-object encoding.
public final class AvroEnrichmentWriter implements EnrichmentWriter {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] write(Enrichment enrichment) {
        try {
            ByteBuffer encoded = Enrichment.getEncoder().encode(inOrder(enrichment));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same enrichment with maps that are written in order of their keys.
    public static Enrichment inOrder(Enrichment enrichment) {
        Sentiment sentiment = enrichment.getSentiment();
        return new Enrichment(
                enrichment.getDocumentId(),
                enrichment.getEventTime(),
                new TreeMap<>(enrichment.getAttributes()),
                enrichment.getSummary(),
                sentiment == null
                        ? null
                        : new Sentiment(
                                sentiment.getLabel(), new TreeMap<>(sentiment.getScores()), sentiment.getChunks()),
                enrichment.getAnswers(),
                enrichment.getOutputs(),
                ProvenanceFormat.inOrder(enrichment.getProvenance()));
    }
}
