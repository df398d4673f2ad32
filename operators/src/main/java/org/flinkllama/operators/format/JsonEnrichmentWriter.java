package org.flinkllama.operators.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.flinkllama.schemas.v1.Answer;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Evidence;
import org.flinkllama.schemas.v1.PromptOutput;
import org.flinkllama.schemas.v1.Sentiment;
import org.flinkllama.schemas.v1.Summary;

/// Writes enrichments as one JSON object in UTF-8, on one line. Fields stand in the order of the schema and carry
/// its names; a field that is null is written as null. Times are ISO-8601, numbers the shortest text that reads
/// back as the same double.
public final class JsonEnrichmentWriter implements EnrichmentWriter {
    private static final long serialVersionUID = 1L;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    @Override
    public byte[] write(Enrichment enrichment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("documentId", enrichment.getDocumentId());
            json.writeStringField(
                    "eventTime",
                    enrichment.getEventTime() == null
                            ? null
                            : enrichment.getEventTime().toString());
            ProvenanceFormat.strings(json, "attributes", enrichment.getAttributes());
            json.writeFieldName("summary");
            summary(json, enrichment.getSummary());
            json.writeFieldName("sentiment");
            sentiment(json, enrichment.getSentiment());
            json.writeArrayFieldStart("answers");
            for (Answer answer : enrichment.getAnswers()) {
                answer(json, answer);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("outputs");
            for (PromptOutput output : enrichment.getOutputs()) {
                json.writeStartObject();
                json.writeStringField("name", output.getName());
                json.writeStringField("text", output.getText());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeFieldName("provenance");
            ProvenanceFormat.write(json, enrichment.getProvenance());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void summary(JsonGenerator json, Summary summary) throws IOException {
        if (summary == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("text", summary.getText());
        json.writeStringField("method", summary.getMethod().name());
        evidence(json, summary.getEvidence());
        json.writeNumberField("chunks", summary.getChunks());
        json.writeEndObject();
    }

    private static void sentiment(JsonGenerator json, Sentiment sentiment) throws IOException {
        if (sentiment == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("label", sentiment.getLabel());
        json.writeObjectFieldStart("scores");
        for (Map.Entry<String, Double> score : new TreeMap<>(sentiment.getScores()).entrySet()) {
            json.writeNumberField(score.getKey(), score.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("chunks", sentiment.getChunks());
        json.writeEndObject();
    }

    private static void answer(JsonGenerator json, Answer answer) throws IOException {
        json.writeStartObject();
        json.writeStringField("question", answer.getQuestion());
        json.writeBooleanField("answered", answer.getAnswered());
        json.writeStringField("text", answer.getText());
        evidence(json, answer.getEvidence());
        json.writeNumberField("confidence", answer.getConfidence());
        json.writeNumberField("chunks", answer.getChunks());
        json.writeEndObject();
    }

    private static void evidence(JsonGenerator json, Evidence evidence) throws IOException {
        json.writeFieldName("evidence");
        if (evidence == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("start", evidence.getStart());
        json.writeNumberField("end", evidence.getEnd());
        json.writeEndObject();
    }
}
